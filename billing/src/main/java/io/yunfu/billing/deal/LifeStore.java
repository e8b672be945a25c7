package io.yunfu.billing.deal;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Transaction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// Steps in the life of deals other than payment and delivery: tables `deal` and `deal_due`.
final class LifeStore {
  private static final String EXISTS =
      "select exists (select 1 from big_deal where big_deal_id = ?) as there";

  /// In id order, as payments lock them.
  private static final String LOCK =
      "select deal_id, status from deal where big_deal_id = ? order by deal_id for update";

  private static final String MOVE =
      "update deal set status = ?, status_at = ? where deal_id = any (?) and status = ?";

  /// Those that another node looks at are left to it.
  private static final String DUE =
      """
      select u.due_at, u.deal_id, d.big_deal_id, d.status,
             case d.status when 1 then d.pay_until else u.due_at end as ends_at
        from deal_due u
        join deal d using (deal_id)
       where u.due_at <= ?
       order by u.due_at, u.deal_id
       limit ?
         for update of u skip locked
      """;

  private static final String FORGET =
      """
      delete from deal_due u
       using unnest(?::timestamptz[], ?::text[]) as d (due_at, deal_id)
       where u.due_at = d.due_at and u.deal_id = d.deal_id
      """;

  /// Never waits: who locks one of them is about to pay it, close it, or expire it too.
  private static final String LOCK_FREE =
      """
      select deal_id, big_deal_id, big_deal_size, status
        from deal
       where big_deal_id = any (?)
       order by deal_id
         for update skip locked
      """;

  private static final String RECOVER =
      """
      update deal
         set status = 1, status_at = ?
       where deal_id in (
             select deal_id from deal where deal_id = any (?) and status = 12 order by deal_id for update skip locked)
      returning deal_id
      """;

  /// Where a deal stands.
  record Standing(DealId id, DealStatus status) {}

  /// A deal to look at.
  ///
  /// @param at when it was to be looked at
  /// @param endsAt when it ends what it is in
  record Due(Instant at, DealId deal, BigDealId bigDeal, DealStatus status, Instant endsAt) {}

  /// A deal of a big deal that may be overdue.
  record Candidate(DealId id, BigDealId bigDeal, int bigDealSize, DealStatus status) {}

  boolean exists(Transaction tx, BigDealId id) {
    return tx.query(EXISTS, row -> row.bool("there"), id.value()).getFirst();
  }

  List<Standing> lock(Transaction tx, BigDealId id) {
    return tx.query(
        LOCK,
        row -> new Standing(new DealId(row.text("deal_id")), DealStatus.of(row.intAt("status"))),
        id.value());
  }

  void move(Transaction tx, Collection<DealId> ids, DealStatus from, DealStatus to, Instant at) {
    require(from.next().contains(to), "no way from %s to %s", from, to);
    String[] names = ids.stream().map(DealId::value).toArray(String[]::new);
    int moved = tx.update(MOVE, (short) to.code(), at, names, (short) from.code());
    ensure(moved == ids.size(), "%d of %d deals were still %s", moved, ids.size(), from);
  }

  List<Due> due(Transaction tx, Instant now, int limit) {
    return tx.query(
        DUE,
        row ->
            new Due(
                row.instant("due_at"),
                new DealId(row.text("deal_id")),
                new BigDealId(row.text("big_deal_id")),
                DealStatus.of(row.intAt("status")),
                row.instant("ends_at")),
        now,
        limit);
  }

  void forget(Transaction tx, List<Due> done) {
    tx.update(
        FORGET,
        done.stream().map(Due::at).toArray(Instant[]::new),
        done.stream().map(look -> look.deal().value()).toArray(String[]::new));
  }

  List<Candidate> lockFree(Transaction tx, Collection<String> bigDeals) {
    return tx.query(
        LOCK_FREE,
        row ->
            new Candidate(
                new DealId(row.text("deal_id")),
                new BigDealId(row.text("big_deal_id")),
                row.intAt("big_deal_size"),
                DealStatus.of(row.intAt("status"))),
        bigDeals);
  }

  List<DealId> recover(Transaction tx, Collection<DealId> ids, Instant now) {
    return tx.query(
        RECOVER,
        row -> new DealId(row.text("deal_id")),
        now,
        ids.stream().map(DealId::value).toArray(String[]::new));
  }
}
