package io.yunfu.ledger;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Pipeline;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The door to the books. Everything runs inside the caller's transaction: what is not committed
/// did not happen.
///
/// Lock order, for everybody: accounts by ascending uin first, then deals, then vouchers.
public final class Ledger {
  private final LedgerStore store = new LedgerStore();

  /// Opens an account without money.
  ///
  /// @throws io.yunfu.db.ConstraintViolated when there is one already
  public void open(Transaction tx, Uin owner, Currency currency) {
    store.open(tx, owner, currency);
  }

  /// Locks the accounts in ascending order until the transaction ends. Accounts that do not exist
  /// are absent.
  public Map<Uin, Balance> lock(Transaction tx, Collection<Uin> owners) {
    return store.lock(tx, owners);
  }

  /// The same as a part of a pipeline.
  ///
  /// @return gives the accounts once the pipeline has run
  public Locked lock(Pipeline pipeline, Collection<Uin> owners) {
    var rows = store.lock(pipeline, owners);
    return tx -> LedgerStore.balances(tx, rows.rows());
  }

  /// Accounts that a pipeline has locked.
  @FunctionalInterface
  public interface Locked {
    Map<Uin, Balance> balances(Transaction tx);
  }

  /// One account, locked.
  public Optional<Balance> lock(Transaction tx, Uin owner) {
    return Optional.ofNullable(store.lock(tx, List.of(owner)).get(owner));
  }

  /// The account as it is now, without a lock.
  public Optional<Balance> balance(Transaction tx, Uin owner) {
    return store.read(tx, owner);
  }

  /// Writes postings and moves every balance they touch. The accounts must be locked by this
  /// transaction.
  ///
  /// @throws io.yunfu.db.ConstraintViolated when a balance would fall below its credit, or a
  ///   posting id exists already
  /// @throws IllegalStateException when an account is missing or has another currency
  public void post(Transaction tx, List<Posting> postings) {
    var pipeline = tx.pipeline();
    var written = post(pipeline, postings);
    pipeline.run();
    written.check();
  }

  /// The same as a part of a pipeline.
  ///
  /// @return to be checked once the pipeline has run
  public Written post(Pipeline pipeline, List<Posting> postings) {
    return store.post(pipeline, postings)::check;
  }

  /// What a pipeline has written, to be held against what it should have.
  @FunctionalInterface
  public interface Written {
    /// Holds the counts against what was meant.
    ///
    /// @throws IllegalStateException when a row is missing; the transaction must not be committed
    ///   then
    void check();
  }

  /// Sets aside part of what is available: it can neither be spent nor held a second time.
  ///
  /// @param id from the cell's id source
  /// @throws io.yunfu.db.ConstraintViolated when less than that is available
  public void hold(
      Transaction tx, long id, Uin owner, long cents, String reason, String subject, Instant at) {
    require(cents > 0, "a hold is positive: %d", cents);
    store.hold(tx, id, owner, cents, reason, subject, at);
  }

  /// Gives a hold back.
  ///
  /// @return false when there is no such hold, or it has ended already
  public boolean release(Transaction tx, long holdId, Instant at) {
    return store.endHold(tx, holdId, "released", at).isPresent();
  }

  /// Takes what was held: the hold ends and the posting moves the money in the same transaction.
  public boolean capture(Transaction tx, long holdId, Posting posting, Instant at) {
    var held = store.endHold(tx, holdId, "captured", at);
    if (held.isEmpty()) {
      return false;
    }
    long moved = posting.legs().stream().mapToLong(leg -> leg.amount().cents()).sum();
    ensure(
        moved <= held.get(), "hold %d of %d cannot be captured with %d", holdId, held.get(), moved);
    post(tx, List.of(posting));
    return true;
  }

  /// Sets the standing credit line.
  ///
  /// @throws io.yunfu.db.ConstraintViolated (`account_is_covered`) when more than that is already
  ///   spent
  public void setCreditLimit(Transaction tx, Uin owner, long cents) {
    require(cents >= 0, "a credit limit is not negative: %d", cents);
    store.setCreditLimit(tx, owner, cents);
  }

  /// Grants credit for a time.
  public void grantTempCredit(Transaction tx, Uin owner, Balance.TempCredit grant) {
    require(grant.cents() > 0, "a grant is positive: %d", grant.cents());
    store.grantTempCredit(tx, owner, grant);
  }

  /// Takes a grant back, or clears one that has ended.
  ///
  /// @return false when there is no such grant
  /// @throws io.yunfu.db.ConstraintViolated (`account_is_covered`) while it is still spent
  public boolean revokeTempCredit(Transaction tx, Uin owner, long grantId) {
    return store.revokeTempCredit(tx, owner, grantId);
  }

  /// The postings that touch an account, newest first.
  public List<Posting> postings(Transaction tx, Uin owner, long beforeId, int limit) {
    return postings(tx, owner, Posting.Filter.ALL, beforeId, limit);
  }

  /// The same, only those that pass a filter.
  public List<Posting> postings(
      Transaction tx, Uin owner, Posting.Filter filter, long beforeId, int limit) {
    return store.postings(tx, owner, filter, beforeId, limit);
  }

  /// One posting with its legs.
  public Optional<Posting> posting(Transaction tx, long id) {
    return store.posting(tx, id);
  }

  /// The holds of an account, newest first, ended ones included.
  public List<Hold> holds(Transaction tx, Uin owner, long beforeId, int limit) {
    return holds(tx, owner, Optional.empty(), beforeId, limit);
  }

  /// The same, only those in one state.
  public List<Hold> holds(
      Transaction tx, Uin owner, Optional<Hold.State> state, long beforeId, int limit) {
    return store.holds(tx, owner, state, beforeId, limit);
  }
}
