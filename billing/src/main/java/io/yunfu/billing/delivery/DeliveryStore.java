package io.yunfu.billing.delivery;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Pipeline;
import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The queue at rest: table `delivery`, the deals it is about, and the resources they make.
///
/// Lock order, for everybody who delivers: deals by ascending id, then their rows in the queue by
/// ascending deal id, then resources by ascending id. It continues the order of payments (accounts,
/// deals, vouchers), which only insert into the queue. So:
///
/// * which deals are due is first read without any lock ([#due]), then locked in order, then looked
///   at again;
/// * a claim for an HTTP provider ([ClaimStore]) locks rows of the queue alone, skips those that
///   are locked, and locks nothing after them;
/// * whoever is not in a hurry skips deals that somebody else holds; whoever hands over its own
///   deals waits for them, since at most a refused second payment of the same deals holds them.
final class DeliveryStore {
  private static final String DUE =
      """
      select deal_id
        from delivery
       where provider = '' and state = 'queued' and next_attempt_at <= ?
         and (attempts > 0 or failures > 0 or queued_at <= ?)
       order by next_attempt_at
       limit ?
      """;

  private static final String DEALS =
      """
      select d.deal_id, d.owner_uin, d.status, d.product_code, d.sub_product_code, d.action, d.quantity,
             d.target_resources, d.resource_ids, d.payer_uin, d.agent_pay, d.paid_at,
             coalesce(p.resource_prefix, 'res') as resource_prefix, coalesce(p.provider, '') as provider
        from deal d
        left join product p using (product_code, sub_product_code)
       where d.deal_id = any (?)
       order by d.deal_id
      """;

  private static final String EXISTS =
      "select exists (select 1 from deal where deal_id = ?) as there";

  private static final String LOCK_DEALS = DEALS + " for no key update of d";

  private static final String LOCK_FREE_DEALS = LOCK_DEALS + " skip locked";

  private static final String LOCK_ROWS =
      """
      select deal_id, provider, state, attempts, failures, next_attempt_at, leased_until, accepted_at, last_error,
             queued_at
        from delivery
       where deal_id = any (?)
       order by deal_id
         for update
      """;

  private static final String LOCK_FREE_ROWS = LOCK_ROWS + " skip locked";

  private static final String LOCK_RESOURCES =
      """
      select r.resource_id, r.owner_uin, r.deal_id, r.state, d.paid_at
        from resource r
        join deal d on d.deal_id = r.deal_id
       where r.resource_id = any (?)
       order by r.resource_id
         for no key update of r
      """;

  private static final String RESOURCE_COLUMNS =
      """
      insert into resource (resource_id, owner_uin, product_code, sub_product_code, deal_id, made_by, payer_uin,
                            agent_pay, state, created_at)
      select resource_id, owner_uin, product_code, sub_product_code, deal_id, deal_id, payer_uin, agent_pay, state,
             ?::timestamptz
        from unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::smallint[], ?::text[])
             as n (resource_id, owner_uin, product_code, sub_product_code, deal_id, payer_uin, agent_pay, state)
      on conflict (resource_id) do
      """;

  private static final String MAKE_RESOURCES = RESOURCE_COLUMNS + " nothing";

  private static final String RENEW_RESOURCES =
      RESOURCE_COLUMNS
          + """
           update
             set owner_uin = excluded.owner_uin, deal_id = excluded.deal_id, payer_uin = excluded.payer_uin,
                 agent_pay = excluded.agent_pay, state = excluded.state
           where resource.owner_uin = excluded.owner_uin or resource.state = 'ended'
          """;

  /// What a deal has delivered without making it; see V12__cheaper_payments.sql.
  private static final String RELATE =
      """
      insert into resource_deal (resource_id, deal_id)
      select resource_id, deal_id
        from unnest(?::text[], ?::text[]) as n (resource_id, deal_id)
       where not exists (select from resource r where r.resource_id = n.resource_id and r.made_by = n.deal_id)
      on conflict do nothing
      """;

  private static final String RESOURCES_OF_OTHERS =
      """
      select r.resource_id
        from resource r
        join unnest(?::text[], ?::text[]) as n (resource_id, deal_id) using (resource_id)
       where r.deal_id <> n.deal_id
      """;

  private static final String MOVE_DEALS =
      """
      update deal d
         set status = m.after, status_at = ?::timestamptz,
             resource_ids = coalesce(string_to_array(m.resources, ','), d.resource_ids)
        from unnest(?::text[], ?::smallint[], ?::smallint[], ?::text[]) as m (deal_id, before, after, resources)
       where d.deal_id = m.deal_id and d.status = m.before
      """;

  /// By their ids, which have an index; deals have none here.
  private static final String REMOVE_RESOURCES =
      """
      delete from resource r
       using unnest(?::text[], ?::text[]) as n (resource_id, deal_id)
       where r.resource_id = n.resource_id and r.deal_id = n.deal_id
      """;

  private static final String TAKE_BACK =
      """
      update deal set status = 2, resource_ids = '{}', status_at = paid_at
       where deal_id = any (?) and status = 4
      """;

  private static final String REMOVE_ROWS = "delete from delivery where deal_id = any (?)";

  private static final String CHANGE_ROWS =
      """
      update delivery v
         set provider = c.provider, state = c.state, failures = c.failures, next_attempt_at = c.next_attempt_at,
             leased_until = null, accepted_at = c.accepted_at, last_error = c.last_error
        from unnest(?::text[], ?::text[], ?::text[], ?::int[], ?::timestamptz[], ?::timestamptz[], ?::text[])
             as c (deal_id, provider, state, failures, next_attempt_at, accepted_at, last_error)
       where v.deal_id = c.deal_id
      """;

  private static final String RECORD_ATTEMPTS =
      """
      insert into delivery_attempt (deal_id, attempt, started_at, ended_at, outcome, detail)
      select * from unnest(?::text[], ?::int[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[])
      on conflict do nothing
      """;

  private static final String REQUEUE =
      """
      insert into delivery (deal_id, owner_uin, state, next_attempt_at, queued_at)
      select deal_id, owner_uin, 'queued', ?::timestamptz, ?::timestamptz from deal where deal_id = any (?)
      on conflict (deal_id) do update
         set provider = '', state = 'queued', attempts = 0, failures = 0, leased_until = null, accepted_at = null,
             last_error = '', next_attempt_at = excluded.next_attempt_at, queued_at = excluded.queued_at
       where delivery.state = 'failed'
      """;

  private static final String RESULTS =
      "select deal_id, status, resource_ids from deal where deal_id = any (?)";

  private static final String DEPTHS =
      """
      select provider, state, count(*) as deals, min(queued_at) as oldest
        from delivery
       group by provider, state
      """;

  /// Deals and their rows in the queue, locked.
  record Locked(List<Consignment> deals, Map<DealId, QueueRow> rows) {}

  /// What is due for the built-in provider or has no queue yet, oldest first, without a lock.
  ///
  /// @param paidBefore deals that were queued later are left to the node that was paid
  List<DealId> due(Transaction tx, Instant now, Instant paidBefore, int limit) {
    return tx.query(DUE, row -> new DealId(row.text("deal_id")), now, paidBefore, limit);
  }

  /// Locks deals and then their rows. A deal without a row has left the queue, or somebody is at
  /// it.
  ///
  /// @param inHurry waits for deals that somebody else holds, instead of leaving them out
  Locked lock(Transaction tx, Collection<DealId> ids, boolean inHurry) {
    String[] sorted = ids.stream().map(DealId::value).sorted().toArray(String[]::new);
    var pipeline = tx.pipeline();
    var deals =
        pipeline.query(
            inHurry ? LOCK_DEALS : LOCK_FREE_DEALS, DeliveryStore::consignment, (Object) sorted);
    var rows =
        pipeline.query(
            inHurry ? LOCK_ROWS : LOCK_FREE_ROWS, DeliveryStore::queueRow, (Object) sorted);
    pipeline.run();
    Map<DealId, QueueRow> byDeal = HashMap.newHashMap(rows.rows().size());
    rows.rows().forEach(row -> byDeal.put(row.deal(), row));
    return new Locked(deals.rows(), byDeal);
  }

  /// Locks resources, those that exist.
  List<Holdings.Held> lockResources(Transaction tx, Collection<String> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return tx.query(
        LOCK_RESOURCES,
        row ->
            new Holdings.Held(
                row.text("resource_id"),
                new Uin(row.longAt("owner_uin")),
                new DealId(row.text("deal_id")),
                Optional.ofNullable(row.instantOrNull("paid_at")).orElse(Instant.EPOCH),
                row.text("state").equals("ended")),
        (Object) ids.stream().distinct().sorted().toArray(String[]::new));
  }

  /// Writes everything, set by set.
  ///
  /// @throws ResourcesTaken when a resource turns out to be another deal's; nothing may be
  ///   committed then
  void write(Transaction tx, DeliveryChanges changes, Holdings holdings) {
    var made = holdings.made();
    var changed = holdings.changed();
    var pipeline = tx.pipeline();
    Pipeline.@Nullable Count making =
        made.isEmpty() ? null : putResources(pipeline, MAKE_RESOURCES, made, changes.now());
    Pipeline.@Nullable Count renewing =
        changed.isEmpty() ? null : putResources(pipeline, RENEW_RESOURCES, changed, changes.now());
    Pipeline.@Nullable Count moving =
        changes.moves().isEmpty() ? null : moveDeals(pipeline, changes);
    relate(pipeline, changes);
    Pipeline.@Nullable Count removing =
        changes.done().isEmpty()
            ? null
            : pipeline.update(REMOVE_ROWS, (Object) values(changes.done()));
    Pipeline.@Nullable Count changing =
        changes.rows().isEmpty() ? null : changeRows(pipeline, changes.rows());
    if (!changes.attempts().isEmpty()) {
      recordAttempts(pipeline, changes.attempts());
    }
    pipeline.run();
    check("deals were where they were read", moving, changes.moves().size());
    check("rows left the queue", removing, changes.done().size());
    check("rows of the queue changed", changing, changes.rows().size());
    if (making != null && making.count() < made.size()) {
      checkTaken(tx, made);
    }
    if (renewing != null && renewing.count() < changed.size()) {
      throw new ResourcesTaken(Set.of());
    }
  }

  boolean exists(Transaction tx, DealId deal) {
    return tx.query(EXISTS, row -> row.bool("there"), deal.value()).getFirst();
  }

  /// Puts failed deals, which must be locked, back to the beginning of the queue.
  void requeue(Transaction tx, Collection<Consignment> deals, Instant now) {
    if (deals.isEmpty()) {
      return;
    }
    var changes = new DeliveryChanges(now);
    deals.forEach(changes::restart);
    var pipeline = tx.pipeline();
    var moved = moveDeals(pipeline, changes);
    var queued =
        pipeline.update(REQUEUE, now, now, values(deals.stream().map(Consignment::deal).toList()));
    pipeline.run();
    check("deals were where they were read", moved, deals.size());
    check("rows were free to be queued", queued, deals.size());
  }

  /// How these deals stand, for those who wait for them.
  Map<DealId, DeliveryResult> results(Transaction tx, Collection<DealId> ids) {
    Map<DealId, DeliveryResult> results = LinkedHashMap.newLinkedHashMap(ids.size());
    tx.query(
        RESULTS,
        row ->
            results.put(
                new DealId(row.text("deal_id")),
                result(DealStatus.of(row.intAt("status")), row.texts("resource_ids"))),
        (Object) values(ids));
    return results;
  }

  /// The queue, counted.
  List<DeliveryListener.QueueDepth> depths(Transaction tx, Instant now) {
    return tx.query(
        DEPTHS,
        row ->
            new DeliveryListener.QueueDepth(
                row.text("provider"),
                row.text("state"),
                row.longAt("deals"),
                Duration.between(row.instant("oldest"), now)));
  }

  static DeliveryResult result(DealStatus status, List<String> resources) {
    return switch (status) {
      case DELIVERED, AWAITING_CONFIRMATION -> new DeliveryResult.Delivered(resources);
      case DELIVERY_FAILED, REFUNDING, REFUNDED -> new DeliveryResult.Failed();
      case UNPAID,
          PAYING,
          PAID,
          DELIVERING,
          CLOSED,
          EXPIRED,
          INVALID,
          PRODUCT_INVALID,
          PAYMENT_REFUSED ->
          new DeliveryResult.Pending();
    };
  }

  static String[] values(Collection<DealId> ids) {
    return ids.stream().map(DealId::value).toArray(String[]::new);
  }

  private static void check(String what, Pipeline.@Nullable Count count, int expected) {
    if (count != null) {
      ensure(count.count() == expected, "%d of %d %s", count.count(), expected, what);
    }
  }

  /// Rows that were there already are no trouble where they are the same deal's.
  private static void checkTaken(Transaction tx, Map<String, Consignment> made) {
    var taken = ofOthers(tx, made);
    if (!taken.isEmpty()) {
      throw new ResourcesTaken(taken);
    }
  }

  /// New resources; those that exist stay as they are and are not counted.
  static Pipeline.Count makeResources(
      Pipeline pipeline, Map<String, Consignment> made, Instant now) {
    return putResources(pipeline, MAKE_RESOURCES, made, now);
  }

  /// Which of these resources are of another deal than this.
  static Set<String> ofOthers(Transaction tx, Map<String, Consignment> made) {
    return new HashSet<>(
        tx.query(
            RESOURCES_OF_OTHERS,
            row -> row.text("resource_id"),
            made.keySet().toArray(String[]::new),
            made.values().stream().map(deal -> deal.deal().value()).toArray(String[]::new)));
  }

  /// Deals that this transaction has written as delivered are paid only, and wait in the queue.
  ///
  /// @param made what it has made for them, or found to be others'
  static void backToTheQueue(
      Transaction tx, Collection<DealId> deals, Map<String, Consignment> made, Instant now) {
    String[] ids = values(deals);
    tx.update(
        REMOVE_RESOURCES,
        made.keySet().toArray(String[]::new),
        made.values().stream().map(deal -> deal.deal().value()).toArray(String[]::new));
    int moved = tx.update(TAKE_BACK, (Object) ids);
    ensure(moved == deals.size(), "%d of %d deals were delivered", moved, deals.size());
    tx.update(REQUEUE, now, now, ids);
  }

  private static Pipeline.Count putResources(
      Pipeline pipeline, String sql, Map<String, Consignment> resources, Instant now) {
    int size = resources.size();
    var ids = new String[size];
    var owners = new long[size];
    var products = new String[size];
    var subProducts = new String[size];
    var deals = new String[size];
    var payers = new long[size];
    var modes = new short[size];
    var states = new String[size];
    int i = 0;
    for (var entry : resources.entrySet()) {
      Consignment deal = entry.getValue();
      ids[i] = entry.getKey();
      owners[i] = deal.owner().value();
      products[i] = deal.productCode();
      subProducts[i] = deal.subProductCode();
      deals[i] = deal.deal().value();
      payers[i] = deal.paidTerm().payer().value();
      modes[i] = (short) deal.paidTerm().mode().code();
      states[i] = deal.endsResources() ? "ended" : "active";
      i++;
    }
    return pipeline.update(
        sql, now, ids, owners, products, subProducts, deals, payers, modes, states);
  }

  private static void relate(Pipeline pipeline, DeliveryChanges changes) {
    var resources = new ArrayList<String>();
    var deals = new ArrayList<String>();
    for (DeliveryChanges.Move move : changes.moves()) {
      if (move.resources() != null) {
        for (String resource : move.resources()) {
          resources.add(resource);
          deals.add(move.deal().value());
        }
      }
    }
    if (!resources.isEmpty()) {
      pipeline.add(RELATE, resources.toArray(String[]::new), deals.toArray(String[]::new));
    }
  }

  private static Pipeline.Count moveDeals(Pipeline pipeline, DeliveryChanges changes) {
    int size = changes.moves().size();
    var ids = new String[size];
    var before = new short[size];
    var after = new short[size];
    var resources = new @Nullable String[size];
    int i = 0;
    for (DeliveryChanges.Move move : changes.moves()) {
      ids[i] = move.deal().value();
      before[i] = (short) move.from().code();
      after[i] = (short) move.to().code();
      resources[i] = move.resources() == null ? null : ResourceIds.join(move.resources());
      i++;
    }
    return pipeline.update(MOVE_DEALS, changes.now(), ids, before, after, resources);
  }

  private static Pipeline.Count changeRows(Pipeline pipeline, List<QueueRow> rows) {
    int size = rows.size();
    var ids = new String[size];
    var providers = new String[size];
    var states = new String[size];
    var failures = new int[size];
    var next = new Instant[size];
    var accepted = new @Nullable Instant[size];
    var errors = new String[size];
    for (int i = 0; i < size; i++) {
      QueueRow row = rows.get(i);
      ids[i] = row.deal().value();
      providers[i] = row.provider();
      states[i] = row.state().code();
      failures[i] = row.failures();
      next[i] = row.nextAttemptAt();
      accepted[i] = row.acceptedAt();
      errors[i] = row.lastError();
    }
    return pipeline.update(CHANGE_ROWS, ids, providers, states, failures, next, accepted, errors);
  }

  private static void recordAttempts(Pipeline pipeline, List<Attempt> attempts) {
    int size = attempts.size();
    var ids = new String[size];
    var numbers = new int[size];
    var started = new Instant[size];
    var ended = new Instant[size];
    var outcomes = new String[size];
    var details = new String[size];
    for (int i = 0; i < size; i++) {
      Attempt attempt = attempts.get(i);
      ids[i] = attempt.deal().value();
      numbers[i] = attempt.number();
      started[i] = attempt.startedAt();
      ended[i] = attempt.endedAt();
      outcomes[i] = attempt.outcome().code();
      details[i] = attempt.detail();
    }
    pipeline.add(RECORD_ATTEMPTS, ids, numbers, started, ended, outcomes, details);
  }

  static Consignment consignment(Row row) {
    return new Consignment(
        new DealId(row.text("deal_id")),
        new Uin(row.longAt("owner_uin")),
        DealStatus.of(row.intAt("status")),
        row.text("product_code"),
        row.text("sub_product_code"),
        row.text("action"),
        row.intAt("quantity"),
        row.texts("target_resources"),
        row.texts("resource_ids"),
        term(row),
        row.text("resource_prefix"),
        row.text("provider"));
  }

  /// Deals from elsewhere may not say how they were paid; then the owner paid itself.
  private static Optional<Consignment.Term> term(Row row) {
    Long payer = row.longOrNull("payer_uin");
    Instant paidAt = row.instantOrNull("paid_at");
    if (payer == null || paidAt == null) {
      return Optional.empty();
    }
    Integer mode = row.intOrNull("agent_pay");
    return Optional.of(
        new Consignment.Term(
            new Uin(payer), mode == null ? AgentPay.SELF : AgentPay.of(mode), paidAt));
  }

  static QueueRow queueRow(Row row) {
    return new QueueRow(
        new DealId(row.text("deal_id")),
        row.text("provider"),
        QueueState.parse(row.text("state")),
        row.intAt("attempts"),
        row.intAt("failures"),
        row.instant("next_attempt_at"),
        row.instantOrNull("leased_until"),
        row.instantOrNull("accepted_at"),
        row.text("last_error"),
        row.instant("queued_at"));
  }

  /// Resources that the batch meant to make or change are another deal's by now. The transaction is
  /// rolled back and decided again, knowing that.
  static final class ResourcesTaken extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Set<String> ids;

    ResourcesTaken(Set<String> ids) {
      super(null, null, false, false);
      this.ids = ids;
    }

    Set<String> ids() {
      return ids;
    }
  }
}
