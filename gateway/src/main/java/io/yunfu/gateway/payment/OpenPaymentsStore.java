package io.yunfu.gateway.payment;

import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.PayPlatform;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts in the tables `payment`, `payment_refund`, `payment_case`: over the partial indexes of
/// what is open, so that it costs nothing that all that has ever been paid is there too.
final class OpenPaymentsStore {
  private static final String ORDERS =
      """
      select platform, state, count(*) as n
        from payment where due_at is not null
       group by platform, state
       order by platform, state
      """;
  private static final String CASES =
      "select kind, count(*) as n from payment_case where closed_at is null group by kind";
  private static final String OLDEST_DUE =
      """
      select least((select min(due_at) from payment where due_at is not null),
                   (select min(due_at) from payment_refund where due_at is not null)) as at
      """;

  OpenPayments count(Transaction tx, Instant now) {
    var orders =
        tx.query(
            ORDERS,
            row ->
                new OpenPayments.Orders(
                    PayPlatform.of(row.intAt("platform")).orElseThrow(),
                    OrderState.parse(row.text("state")),
                    row.longAt("n")));
    Map<PaymentCase.Kind, Long> cases = new EnumMap<>(PaymentCase.Kind.class);
    tx.query(CASES, row -> Map.entry(PaymentCase.Kind.parse(row.text("kind")), row.longAt("n")))
        .forEach(one -> cases.put(one.getKey(), one.getValue()));
    Duration behind = tx.query(OLDEST_DUE, row -> since(row.instantOrNull("at"), now)).getFirst();
    return new OpenPayments(orders, cases, behind);
  }

  private static Duration since(@Nullable Instant at, Instant now) {
    return at == null || at.isAfter(now) ? Duration.ZERO : Duration.between(at, now);
  }
}
