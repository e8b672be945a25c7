package io.yunfu.simulator.ledger;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.List;

/// One movement of money, in balance.
public record Posting(long number, Instant at, String what, List<Entry> entries) {
  public Posting {
    entries = List.copyOf(entries);
    Money sum = Money.sum(entries.stream().map(Entry::amount));
    require(sum.isZero(), "posting %s, %s, is off balance by %s", number, what, sum);
  }
}
