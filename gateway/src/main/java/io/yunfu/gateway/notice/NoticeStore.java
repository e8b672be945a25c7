package io.yunfu.gateway.notice;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import java.time.Duration;
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
      select notice_id, payment_id, refund_id, merchant, state, attempts, resent_after, due_at, last_error, created_at,
             ended_at
        from merchant_notice
      """;

  private static final String CLAIM =
      """
      update merchant_notice
         set leased_until = ?, due_at = ?, attempts = attempts + 1
       where notice_id in (select notice_id from merchant_notice where state = 'queued' and due_at <= ?
                            order by due_at limit ? for update skip locked)
      returning notice_id, payment_id, refund_id, merchant, state, attempts, resent_after, due_at, last_error, created_at,
                ended_at
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
       where notice_id = ? and state = 'queued' and attempts = ? and resent_after = ?
      """;

  private static final String POSTPONE =
      """
      update merchant_notice
         set attempts = attempts - 1, due_at = ?, last_error = ?, leased_until = null
       where notice_id = ? and state = 'queued' and attempts = ? and resent_after = ?
      """;

  private static final String RESEND =
      """
      update merchant_notice
         set state = 'queued', resent_after = attempts, due_at = ?, ended_at = null, leased_until = null
       where notice_id = ?
      """;

  private static final String BY_ID = COLUMNS + " where notice_id = ?";
  private static final String LIST =
      COLUMNS
          + """
           where (created_at, notice_id) < (?, ?) and (? = '' or state = ?) and (? = 0 or merchant = ?)
             and (? = 0 or payment_id = ?)
           order by created_at desc, notice_id desc limit ?
          """;
  private static final String ATTEMPTS =
      """
      select attempt, started_at, took_ms, http_status, outcome
        from notice_attempt where notice_id = ? order by attempt
      """;

  private static final String OUTSTANDING =
      """
      select (select count(*) from merchant_notice where state = 'queued') as queued,
             (select min(created_at) from merchant_notice where state = 'queued') as oldest,
             (select count(*) from merchant_notice where state = 'undelivered') as undelivered
      """;

  Outstanding outstanding(Transaction tx, Instant now) {
    return tx.query(
            OUTSTANDING,
            row -> {
              Instant oldest = row.instantOrNull("oldest");
              return new Outstanding(
                  row.longAt("queued"),
                  oldest == null || oldest.isAfter(now)
                      ? Duration.ZERO
                      : Duration.between(oldest, now),
                  row.longAt("undelivered"));
            })
        .getFirst();
  }

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

  /// What becomes of a notice after an attempt; nothing, when another attempt has begun meanwhile,
  /// or somebody has had it sent again.
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
        notice.attempts(),
        notice.resentAfter());
  }

  /// A notice whose attempt was not made after all; nothing, when another has begun meanwhile.
  void postpone(Transaction tx, MerchantNotice notice, Instant dueAt, String why) {
    tx.update(POSTPONE, dueAt, why, notice.id(), notice.attempts(), notice.resentAfter());
  }

  /// From the beginning of its schedule, from whatever state. What was attempted stays on record.
  boolean resend(Transaction tx, long id, Instant now) {
    return tx.update(RESEND, now, id) == 1;
  }

  Optional<MerchantNotice> byId(Transaction tx, long id) {
    return tx.queryOne(BY_ID, NoticeStore::notice, id);
  }

  /// The newest first.
  List<MerchantNotice> list(
      Transaction tx, MerchantNotices.Filter filter, MerchantNotices.Position after, int limit) {
    String state = filter.state().map(MerchantNotice.State::code).orElse("");
    return tx.query(
        LIST,
        NoticeStore::notice,
        after.at(),
        after.id(),
        state,
        state,
        filter.merchant(),
        filter.merchant(),
        filter.payment(),
        filter.payment(),
        limit);
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
        row.intAt("resent_after"),
        row.instant("due_at"),
        row.text("last_error"),
        row.instant("created_at"),
        Optional.ofNullable(row.instantOrNull("ended_at")));
  }
}
