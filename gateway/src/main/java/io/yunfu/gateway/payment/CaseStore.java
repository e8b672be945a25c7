package io.yunfu.gateway.payment;

import io.yunfu.db.Row;
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
  private static final String OPEN_OF_BILL =
      """
      insert into payment_case (case_id, kind, payment_id, refund_id, reconciliation_id, cause, detail, opened_at)
      values (?, ?, ?, ?, ?, ?, ?, ?)
      on conflict do nothing
      """;
  private static final String FIND_OF_BILL =
      """
      select case_id from payment_case
       where kind = ? and cause = ?
         and case when ?::bigint is null then payment_id is null and reconciliation_id = ? else payment_id = ? end
      """;
  private static final String FIND =
      "select case_id from payment_case where payment_id = ? and kind = ? and cause = ?";
  private static final String COLUMNS =
      """
      select c.case_id, c.kind, c.payment_id, c.refund_id, c.reconciliation_id, c.detail, c.opened_at, c.closed_at, c.closed_by, c.remark,
             p.out_trade_no, p.merchant
        from payment_case c
        left join payment p using (payment_id)
      """;
  private static final String LIST =
      COLUMNS
          + """
           where (c.opened_at, c.case_id) < (?, ?) and (not ? or c.closed_at is null) and (? = '' or c.kind = ?)
             and (? = 0 or p.merchant = ?) and (? = 0 or c.payment_id = ?)
           order by c.opened_at desc, c.case_id desc limit ?
          """;
  private static final String BY_ID = COLUMNS + " where c.case_id = ?";
  private static final String CLOSE =
      """
      update payment_case set closed_at = ?, closed_by = ?, remark = ?
       where case_id = ? and closed_at is null
      """;
  private static final String CLOSE_OF_ORDER =
      """
      update payment_case set closed_at = ?, closed_by = ?, remark = ?
       where payment_id = ? and kind = ? and closed_at is null
      """;
  private static final String CLOSE_OF_BILL =
      """
      update payment_case set closed_at = ?, closed_by = ?, remark = ?
       where reconciliation_id = ? and payment_id is null and kind = ? and closed_at is null
      """;
  private static final String CLOSE_OF_REFUND =
      """
      update payment_case set closed_at = ?, closed_by = ?, remark = ?
       where refund_id = ? and closed_at is null
      """;

  void closeOfBill(Transaction tx, long reconciliation, String by, String remark, Instant now) {
    tx.update(
        CLOSE_OF_BILL, now, by, remark, reconciliation, PaymentCase.Kind.BILL_UNUSABLE.code());
  }

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

  /// Opens a case about a bill, unless it is there.
  ///
  /// @return its number
  long openOfBill(Transaction tx, long id, FollowBill.Found found, String detail, Instant now) {
    Long payment = found.payment().orElse(null);
    Long refund = found.refund().orElse(null);
    boolean isNew =
        tx.update(
                OPEN_OF_BILL,
                id,
                found.kind().code(),
                payment,
                refund,
                found.reconciliation(),
                found.cause(),
                detail,
                now)
            == 1;
    return isNew
        ? id
        : tx.queryOne(
                FIND_OF_BILL,
                row -> row.longAt("case_id"),
                found.kind().code(),
                found.cause(),
                payment,
                found.reconciliation(),
                payment)
            .orElseThrow();
  }

  Optional<Long> find(Transaction tx, long payment, PaymentCase.Kind kind, String cause) {
    return tx.queryOne(FIND, row -> row.longAt("case_id"), payment, kind.code(), cause);
  }

  Optional<PaymentCase> byId(Transaction tx, long id) {
    return tx.queryOne(BY_ID, CaseStore::read, id);
  }

  /// The newest first.
  List<PaymentCase> list(Transaction tx, PaymentCase.Filter filter, Position after, int limit) {
    String kind = filter.kind().map(PaymentCase.Kind::code).orElse("");
    return tx.query(
        LIST,
        CaseStore::read,
        after.at(),
        after.id(),
        filter.openOnly(),
        kind,
        kind,
        filter.merchant(),
        filter.merchant(),
        filter.payment(),
        filter.payment(),
        limit);
  }

  boolean close(Transaction tx, long id, String by, String remark, Instant now) {
    return tx.update(CLOSE, now, by, remark, id) == 1;
  }

  void closeOfOrder(
      Transaction tx, long payment, PaymentCase.Kind kind, String by, String remark, Instant now) {
    tx.update(CLOSE_OF_ORDER, now, by, remark, payment, kind.code());
  }

  void closeOfRefund(Transaction tx, long refund, String by, String remark, Instant now) {
    tx.update(CLOSE_OF_REFUND, now, by, remark, refund);
  }

  private static PaymentCase read(Row row) {
    return new PaymentCase(
        row.longAt("case_id"),
        PaymentCase.Kind.parse(row.text("kind")),
        Optional.ofNullable(row.longOrNull("payment_id")),
        Optional.ofNullable(row.textOrNull("out_trade_no")),
        Optional.ofNullable(row.longOrNull("merchant")),
        Optional.ofNullable(row.longOrNull("refund_id")),
        Optional.ofNullable(row.longOrNull("reconciliation_id")),
        row.text("detail"),
        row.instant("opened_at"),
        Optional.ofNullable(row.instantOrNull("closed_at")),
        Optional.ofNullable(row.textOrNull("closed_by")),
        row.text("remark"));
  }
}
