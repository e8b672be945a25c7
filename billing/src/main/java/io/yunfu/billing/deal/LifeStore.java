package io.yunfu.billing.deal;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Transaction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// Steps in the life of deals other than payment and delivery: table `deal`.
final class LifeStore {
  private static final String EXISTS =
      "select exists (select 1 from big_deal where big_deal_id = ?) as there";

  /// In id order, as payments lock them.
  private static final String LOCK =
      "select deal_id, status from deal where big_deal_id = ? order by deal_id for update";

  private static final String MOVE =
      "update deal set status = ?, status_at = ? where deal_id = any (?) and status = ?";

  private static final String OVERDUE =
      """
      select distinct big_deal_id
        from (select big_deal_id from deal where status = 1 and pay_until <= ? order by pay_until limit ?) d
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
             select deal_id
               from deal
              where status = 12 and status_at < ?
              order by status_at
              limit ?
                for update skip locked)
      """;

  /// Where a deal stands.
  record Standing(DealId id, DealStatus status) {}

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

  List<String> overdue(Transaction tx, Instant now, int limit) {
    return tx.query(OVERDUE, row -> row.text("big_deal_id"), now, limit);
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

  int recover(Transaction tx, Instant before, Instant now, int limit) {
    return tx.update(RECOVER, now, before, limit);
  }
}
