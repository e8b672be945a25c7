package io.yunfu.gateway.payment;

import io.yunfu.db.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a person has to look at, at rest: table `payment_case`.
final class CaseStore {
  private static final String OPEN =
      """
      insert into payment_case (case_id, kind, payment_id, refund_id, cause, detail, opened_at)
      values (?, ?, ?, ?, ?, ?, ?)
      on conflict (payment_id, kind, cause) do nothing
      """;
  private static final String LIST =
      """
      select c.case_id, c.kind, c.payment_id, c.refund_id, c.detail, c.opened_at, c.closed_at, c.closed_by,
             p.out_trade_no
        from payment_case c
        join payment p using (payment_id)
       where c.case_id < ? and (not ? or c.closed_at is null) and (? = '' or c.kind = ?)
       order by c.case_id desc limit ?
      """;
  private static final String CLOSE =
      "update payment_case set closed_at = ?, closed_by = ? where case_id = ? and closed_at is null";

  /// Opens a case, unless it is there: one cause is one case, however often it is noticed.
  ///
  /// @return whether it is new
  boolean open(
      Transaction tx,
      long id,
      PaymentCase.Kind kind,
      long payment,
      @Nullable Long refund,
      String cause,
      String detail,
      Instant now) {
    return tx.update(OPEN, id, kind.code(), payment, refund, cause, detail, now) == 1;
  }

  List<PaymentCase> list(Transaction tx, boolean openOnly, String kind, long before, int limit) {
    return tx.query(
        LIST,
        row ->
            new PaymentCase(
                row.longAt("case_id"),
                PaymentCase.Kind.parse(row.text("kind")),
                row.longAt("payment_id"),
                row.text("out_trade_no"),
                Optional.ofNullable(row.longOrNull("refund_id")),
                row.text("detail"),
                row.instant("opened_at"),
                Optional.ofNullable(row.instantOrNull("closed_at")),
                Optional.ofNullable(row.textOrNull("closed_by"))),
        before,
        openOnly,
        kind,
        kind,
        limit);
  }

  boolean close(Transaction tx, long id, String by, Instant now) {
    return tx.update(CLOSE, now, by, id) == 1;
  }
}
