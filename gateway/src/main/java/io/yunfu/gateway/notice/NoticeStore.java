package io.yunfu.gateway.notice;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The outbox at rest: tables `merchant_notice`, `notice_attempt`.
final class NoticeStore {
  private static final String QUEUE =
      """
      insert into merchant_notice (notice_id, kind, payment_id, refund_id, merchant, state, due_at, created_at)
      values (?, ?, ?, ?, ?, 'queued', ?, ?)
      on conflict do nothing
      """;

  private static final String COLUMNS =
      """
      select notice_id, payment_id, refund_id, merchant, state, attempts, due_at, last_error, created_at, ended_at
        from merchant_notice
      """;

  private static final String CLAIM =
      """
      update merchant_notice
         set leased_until = ?, due_at = ?, attempts = attempts + 1
       where notice_id in (select notice_id from merchant_notice where state = 'queued' and due_at <= ?
                            order by due_at limit ? for update skip locked)
      returning notice_id, payment_id, refund_id, merchant, state, attempts, due_at, last_error, created_at, ended_at
      """;

  private static final String RECORD =
      """
      insert into notice_attempt (notice_id, attempt, started_at, took_ms, http_status, outcome)
      values (?, ?, ?, ?, ?, ?)
      on conflict do nothing
      """;

  private static final String END =
      """
      update merchant_notice
         set state = ?, due_at = ?, last_error = ?, leased_until = null, ended_at = ?
       where notice_id = ? and state = 'queued' and attempts = ?
      """;

  private static final String RESEND =
      """
      update merchant_notice
         set state = 'queued', attempts = 0, due_at = ?, ended_at = null, leased_until = null
       where notice_id = ?
      """;
  private static final String FORGET_ATTEMPTS = "delete from notice_attempt where notice_id = ?";

  private static final String BY_ID = COLUMNS + " where notice_id = ?";
  private static final String LIST =
      COLUMNS
          + """
           where notice_id < ? and (? = '' or state = ?) and (? = 0 or merchant = ?)
           order by notice_id desc limit ?
          """;
  private static final String ATTEMPTS =
      """
      select attempt, started_at, took_ms, http_status, outcome
        from notice_attempt where notice_id = ? order by attempt
      """;

  void queuePayment(Transaction tx, long id, long payment, long merchant, Instant now) {
    tx.update(QUEUE, id, "payment", payment, null, merchant, now, now);
  }

  void queueRefund(Transaction tx, long id, long payment, long refund, long merchant, Instant now) {
    tx.update(QUEUE, id, "refund", payment, refund, merchant, now, now);
  }

  /// Takes what is due. A node that dies with it leaves it to others when the lease is over.
  List<MerchantNotice> claim(Transaction tx, Instant now, Instant leasedUntil, int most) {
    return tx.query(CLAIM, NoticeStore::notice, leasedUntil, leasedUntil, now, most);
  }

  void record(Transaction tx, long id, MerchantNotice.Attempt attempt) {
    tx.update(
        RECORD,
        id,
        attempt.number(),
        attempt.startedAt(),
        attempt.tookMillis(),
        attempt.httpStatus(),
        attempt.outcome());
  }

  /// What becomes of a notice after an attempt; nothing, when another attempt has begun meanwhile.
  void after(
      Transaction tx,
      MerchantNotice notice,
      MerchantNotice.State state,
      Instant dueAt,
      String error,
      Instant now) {
    tx.update(
        END,
        state.code(),
        dueAt,
        error,
        state == MerchantNotice.State.QUEUED ? null : now,
        notice.id(),
        notice.attempts());
  }

  /// From the beginning of its schedule, from whatever state.
  boolean resend(Transaction tx, long id, Instant now) {
    tx.update(FORGET_ATTEMPTS, id);
    return tx.update(RESEND, now, id) == 1;
  }

  Optional<MerchantNotice> byId(Transaction tx, long id) {
    return tx.queryOne(BY_ID, NoticeStore::notice, id);
  }

  /// The newest first.
  List<MerchantNotice> list(Transaction tx, String state, long merchant, long before, int limit) {
    return tx.query(LIST, NoticeStore::notice, before, state, state, merchant, merchant, limit);
  }

  List<MerchantNotice.Attempt> attempts(Transaction tx, long id) {
    return tx.query(
        ATTEMPTS,
        row ->
            new MerchantNotice.Attempt(
                row.intAt("attempt"),
                row.instant("started_at"),
                row.intAt("took_ms"),
                row.intAt("http_status"),
                row.text("outcome")),
        id);
  }

  private static MerchantNotice notice(Row row) {
    return new MerchantNotice(
        row.longAt("notice_id"),
        row.longAt("payment_id"),
        Optional.ofNullable(row.longOrNull("refund_id")),
        row.longAt("merchant"),
        MerchantNotice.State.parse(row.text("state")),
        row.intAt("attempts"),
        row.instant("due_at"),
        row.text("last_error"),
        row.instant("created_at"),
        Optional.ofNullable(row.instantOrNull("ended_at")));
  }
}
