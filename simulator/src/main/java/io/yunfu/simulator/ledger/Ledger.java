package io.yunfu.simulator.ledger;

import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// All accounts of the simulated world, in yuan. An account exists as soon as it is named.
///
/// What there is at first comes from [#EQUITY], so that all balances always add up to zero.
public final class Ledger {
  public static final String EQUITY = "equity";

  /// Postings that are kept to be looked at. Balances count all of them.
  private static final int KEPT = 10_000;

  private final Map<String, Money> balances = new TreeMap<>();
  private final Map<String, Money> openings = new TreeMap<>();
  private final ArrayDeque<Posting> latest = new ArrayDeque<>();
  private long count;

  /// Gives an account money out of nowhere.
  public synchronized void open(Instant at, String account, Money amount) {
    openings.merge(account, amount, Money::plus);
    if (!amount.isZero()) {
      post(
          at,
          "opening of " + account,
          List.of(new Entry(account, amount), new Entry(EQUITY, amount.negated())));
    }
  }

  /// Moves money. Entries of nothing are left out.
  public synchronized void post(Instant at, String what, List<Entry> entries) {
    List<Entry> moving = entries.stream().filter(entry -> !entry.amount().isZero()).toList();
    if (moving.isEmpty()) {
      return;
    }
    var posting = new Posting(++count, at, what, moving);
    moving.forEach(entry -> balances.merge(entry.account(), entry.amount(), Money::plus));
    latest.addLast(posting);
    if (latest.size() > KEPT) {
      latest.removeFirst();
    }
  }

  public synchronized Money balance(String account) {
    return balances.getOrDefault(account, Money.zero(Currency.CNY));
  }

  /// What an account has gained or lost since it was opened.
  public synchronized Money change(String account) {
    return balance(account).minus(openings.getOrDefault(account, Money.zero(Currency.CNY)));
  }

  public synchronized Map<String, Money> balances() {
    return new TreeMap<>(balances);
  }

  /// The last postings, oldest first.
  public synchronized List<Posting> latest() {
    return new ArrayList<>(latest);
  }

  public synchronized long count() {
    return count;
  }

  public synchronized void reset() {
    balances.clear();
    openings.clear();
    latest.clear();
    count = 0;
  }
}
