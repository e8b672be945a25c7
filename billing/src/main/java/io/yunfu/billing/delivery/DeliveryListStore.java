package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The queue and its history, for reading: tables `delivery` and `delivery_attempt`.
final class DeliveryListStore {
  private static final String COLUMNS =
      """
      select v.deal_id, v.owner_uin, d.status, d.product_code, d.sub_product_code, v.provider, v.state, v.attempts,
             v.failures, v.queued_at, v.next_attempt_at, v.leased_until, v.accepted_at, v.last_error
        from delivery v
        join deal d using (deal_id)
      """;

  private static final String FILTER =
      """
       where (?::text is null or v.state = ?)
         and (?::text is null or v.provider = ?)
         and (?::text is null or d.product_code = ?)
         and (?::bigint is null or v.owner_uin = ?)
      """;

  private static final String LIST =
      COLUMNS
          + FILTER
          + """
             and (v.queued_at, v.deal_id) > (?, ?)
           order by v.queued_at, v.deal_id
           limit ?
          """;

  private static final String COUNT =
      "select count(*) as rows from delivery v join deal d using (deal_id)" + FILTER;

  private static final String FIND = COLUMNS + " where v.deal_id = ?";

  private static final String ATTEMPTS =
      """
      select deal_id, attempt, started_at, ended_at, outcome, detail
        from delivery_attempt
       where deal_id = ? and (started_at, attempt) < (?, ?)
       order by started_at desc, attempt desc
       limit ?
      """;

  List<ListDeliveries.QueuedDelivery> list(
      Transaction tx,
      ListDeliveries.Filter filter,
      Optional<ListDeliveries.Position> after,
      int limit) {
    String state = state(filter);
    String provider = filter.provider().orElse(null);
    String product = filter.productCode().orElse(null);
    Long owner = owner(filter);
    Instant since = after.map(ListDeliveries.Position::queuedAt).orElse(Instant.EPOCH);
    String deal = after.map(position -> position.deal().value()).orElse("");
    return tx.query(
        LIST,
        DeliveryListStore::delivery,
        state,
        state,
        provider,
        provider,
        product,
        product,
        owner,
        owner,
        since,
        deal,
        limit);
  }

  long count(Transaction tx, ListDeliveries.Filter filter) {
    String state = state(filter);
    String provider = filter.provider().orElse(null);
    String product = filter.productCode().orElse(null);
    Long owner = owner(filter);
    return tx.query(
            COUNT,
            row -> row.longAt("rows"),
            state,
            state,
            provider,
            provider,
            product,
            product,
            owner,
            owner)
        .getFirst();
  }

  Optional<ListDeliveries.QueuedDelivery> find(Transaction tx, DealId deal) {
    return tx.queryOne(FIND, DeliveryListStore::delivery, deal.value());
  }

  List<Attempt> attempts(
      Transaction tx, DealId deal, ListDeliveries.AttemptPosition before, int limit) {
    return tx.query(
        ATTEMPTS,
        row ->
            new Attempt(
                new DealId(row.text("deal_id")),
                row.intAt("attempt"),
                row.instant("started_at"),
                row.instant("ended_at"),
                Attempt.Outcome.parse(row.text("outcome")),
                row.text("detail")),
        deal.value(),
        before.startedAt(),
        before.number(),
        limit);
  }

  private static @Nullable String state(ListDeliveries.Filter filter) {
    return filter.state().map(QueueState::code).orElse(null);
  }

  private static @Nullable Long owner(ListDeliveries.Filter filter) {
    return filter.owner().map(Uin::value).orElse(null);
  }

  private static ListDeliveries.QueuedDelivery delivery(Row row) {
    return new ListDeliveries.QueuedDelivery(
        new DealId(row.text("deal_id")),
        new Uin(row.longAt("owner_uin")),
        DealStatus.of(row.intAt("status")),
        row.text("product_code"),
        row.text("sub_product_code"),
        row.text("provider"),
        QueueState.parse(row.text("state")),
        row.intAt("attempts"),
        row.intAt("failures"),
        row.instant("queued_at"),
        row.instant("next_attempt_at"),
        Optional.ofNullable(row.instantOrNull("leased_until")),
        Optional.ofNullable(row.instantOrNull("accepted_at")),
        row.text("last_error"));
  }
}
