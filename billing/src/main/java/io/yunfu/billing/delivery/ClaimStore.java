package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// The queues of the HTTP providers inside table `delivery`: which there are, and taking calls out
/// of them. Takes locks on rows of the queue alone; see [DeliveryStore].
final class ClaimStore {
  /// Jumps from name to name through the index, so that a long queue costs no more than a short
  /// one.
  private static final String PROVIDERS =
      """
      with recursive names as (
        (select provider from delivery
          where provider > '' and state in ('queued', 'running')
          order by provider limit 1)
        union all
        select (select d.provider from delivery d
                 where d.provider > n.provider and d.state in ('queued', 'running')
                 order by d.provider limit 1)
          from names n
         where n.provider is not null)
      select provider from names where provider is not null
      """;

  private static final String CLAIM =
      """
      with due as materialized (
        select q.deal_id, p.lease
          from unnest(?::text[], ?::int[], ?::timestamptz[]) as p (name, room, lease)
         cross join lateral (
               select deal_id from delivery
                where provider = p.name and state in ('queued', 'running') and next_attempt_at <= ?
                order by next_attempt_at
                limit p.room
                  for update skip locked) q)
      update delivery v
         set state = 'running', attempts = v.attempts + 1, leased_until = due.lease, next_attempt_at = due.lease
        from due
        join deal d using (deal_id)
        left join product p using (product_code, sub_product_code)
       where v.deal_id = due.deal_id
      returning v.deal_id, v.provider, v.attempts, v.leased_until,
                d.big_deal_id, d.owner_uin, d.product_code, d.sub_product_code, d.action, d.quantity, d.time_span,
                d.time_unit, d.zone_code, d.project_id, d.product_info, d.target_resources, d.paid_at,
                coalesce(p.resource_prefix, 'res') as resource_prefix
      """;

  private static final String WAITING =
      "select deal_id from delivery where provider = ? and state = 'queued' order by next_attempt_at limit ?";

  private static final String OVERDUE =
      """
      select deal_id
        from delivery
       where provider = any (?) and (state = 'queued' or (state = 'running' and leased_until <= ?))
         and coalesce(accepted_at <= ?, queued_at <= ?)
       limit ?
      """;

  /// What a provider may take now.
  record Room(ProviderEndpoint endpoint, int calls, Instant lease) {}

  /// A call that this node may make until its lease ends.
  record Claim(String provider, int attempt, Instant leasedUntil, ProviderRequest request) {
    DealId deal() {
      return request.deal();
    }
  }

  /// The providers that have anything in their queue.
  List<String> providers(Transaction tx) {
    return tx.query(PROVIDERS, row -> row.text("provider"));
  }

  /// Takes what is due, oldest first, for every provider as much as it has room for. Rows that
  /// another node is claiming are left to it.
  List<Claim> claim(Transaction tx, List<Room> rooms, Instant now) {
    return tx.query(
        CLAIM,
        ClaimStore::claim,
        rooms.stream().map(room -> room.endpoint().name()).toArray(String[]::new),
        rooms.stream().mapToInt(Room::calls).toArray(),
        rooms.stream().map(Room::lease).toArray(Instant[]::new),
        now);
  }

  /// Deals that wait for a provider, whether they are due or not.
  List<DealId> waiting(Transaction tx, String provider, int limit) {
    return tx.query(WAITING, row -> new DealId(row.text("deal_id")), provider, limit);
  }

  /// Deals that have waited too long for a definite answer, or for the end of accepted work.
  List<DealId> overdue(
      Transaction tx,
      Collection<String> providers,
      Instant now,
      Instant acceptedBefore,
      Instant queuedBefore,
      int limit) {
    return tx.query(
        OVERDUE,
        row -> new DealId(row.text("deal_id")),
        providers.toArray(String[]::new),
        now,
        acceptedBefore,
        queuedBefore,
        limit);
  }

  private static Claim claim(Row row) {
    var request =
        new ProviderRequest(
            new DealId(row.text("deal_id")),
            new BigDealId(row.text("big_deal_id")),
            new Uin(row.longAt("owner_uin")),
            row.text("product_code"),
            row.text("sub_product_code"),
            row.text("action"),
            row.intAt("quantity"),
            row.decimal("time_span"),
            row.text("time_unit"),
            row.text("zone_code"),
            row.longAt("project_id"),
            row.text("product_info"),
            row.texts("target_resources"),
            row.text("resource_prefix"),
            row.instant("paid_at"));
    return new Claim(
        row.text("provider"), row.intAt("attempts"), row.instant("leased_until"), request);
  }
}
