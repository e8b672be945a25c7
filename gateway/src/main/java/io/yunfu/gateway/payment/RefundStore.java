package io.yunfu.gateway.payment;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Refunds at rest: table `payment_refund`.
final class RefundStore {
  private static final String COLUMNS =
      """
      select r.refund_id, r.out_refund_no, r.payment_id, r.merchant, r.state, r.transforming, r.amount, r.settlement, p.currency,
             r.request::text as request, r.transaction_id, r.channel_refund_id, r.report::text as report, r.state_text,
             r.created_at, r.updated_at, r.sent_at, r.succeeded_at, r.looks
        from payment_refund r
        join payment p using (payment_id)
      """;
  private static final String BY_NUMBER = COLUMNS + " where r.out_refund_no = ?";
  private static final String BY_ID = COLUMNS + " where r.refund_id = ?";
  private static final String LOCK = BY_ID + " for update of r";
  private static final String OF_PAYMENT = COLUMNS + " where r.payment_id = ? order by r.refund_id";
  private static final String LIST =
      COLUMNS
          + """
           where (r.created_at, refund_id) < (?, ?) and (? = 0 or r.merchant = ?) and (? = '' or r.state = ?)
             and (? = 0 or p.platform = ?) and (? = 0 or payment_id = ?) and (? = '' or out_refund_no = ?)
             and (? = '' or channel_refund_id = ?)
           order by r.created_at desc, refund_id desc limit ?
          """;
  private static final String FINGERPRINT =
      "select fingerprint from payment_refund where refund_id = ?";
  private static final String LAST_SENT =
      """
      select max(coalesce(sent_at, due_at)) as sent_at, count(*) as refunds
        from payment_refund
       where payment_id = ? and state <> 'refused'
      """;

  private static final String INSERT =
      """
      insert into payment_refund (refund_id, out_refund_no, payment_id, merchant, state, transforming, amount, request,
                                  fingerprint, transaction_id, created_at, updated_at, due_at)
      values (?, ?, ?, ?, 'stored', true, ?, ?::jsonb, ?, ?, ?, ?, ?)
      on conflict (out_refund_no) do nothing
      """;
  private static final String MOVE =
      """
      update payment_refund
         set state = ?, transforming = ?, channel_refund_id = coalesce(?, channel_refund_id),
             report = coalesce(?::jsonb, report), state_text = ?, updated_at = ?, succeeded_at = ?, posting_id = ?,
             settlement = ?, fee_back = ?, notice_wanted = ?, due_at = ?, settled_by = ?
       where refund_id = ? and state = ?
      """;
  private static final String RESUME =
      """
      update payment_refund
         set state = 'stored', transforming = true, state_text = '', updated_at = ?, sent_at = null, due_at = ?
       where refund_id = ? and state = 'refused'
      """;
  private static final String SENT =
      "update payment_refund set sent_at = coalesce(sent_at, ?), transforming = true, due_at = ? where refund_id = ?";
  private static final String LOOK_AGAIN =
      "update payment_refund set due_at = ?, looks = looks + 1 where refund_id = ?";
  private static final String CLAIM =
      """
      update payment_refund
         set due_at = ?
       where refund_id in (select refund_id from payment_refund where due_at <= ? order by due_at limit ?
                              for update skip locked)
      returning refund_id, payment_id
      """;

  Optional<Refund> byNumber(Transaction tx, String outRefundNo) {
    return tx.queryOne(BY_NUMBER, RefundStore::refund, outRefundNo);
  }

  Optional<Refund> byId(Transaction tx, long id) {
    return tx.queryOne(BY_ID, RefundStore::refund, id);
  }

  Refund lock(Transaction tx, long id) {
    return tx.queryOne(LOCK, RefundStore::refund, id).orElseThrow();
  }

  List<Refund> ofPayment(Transaction tx, long payment) {
    return tx.query(OF_PAYMENT, RefundStore::refund, payment);
  }

  /// The newest first.
  List<Refund> list(Transaction tx, PaymentFilter<RefundState> filter, Position after, int limit) {
    String state = filter.state().map(RefundState::code).orElse("");
    int platform = filter.platform().map(PayPlatform::number).orElse(0);
    String number = filter.number().orElse("");
    String transaction = filter.transactionId().orElse("");
    return tx.query(
        LIST,
        RefundStore::refund,
        after.at(),
        after.id(),
        filter.merchant(),
        filter.merchant(),
        state,
        state,
        platform,
        platform,
        filter.payment(),
        filter.payment(),
        number,
        number,
        transaction,
        transaction,
        limit);
  }

  byte[] fingerprint(Transaction tx, long id) {
    return tx.queryOne(FINGERPRINT, row -> row.bytes("fingerprint"), id).orElseThrow();
  }

  /// How many refunds an order has that the channel has not refused, and when the last was sent, or
  /// will be.
  record Earlier(int count, Optional<Instant> lastSentAt) {}

  Earlier earlier(Transaction tx, long payment) {
    return tx.query(
            LAST_SENT,
            row ->
                new Earlier(
                    row.intAt("refunds"), Optional.ofNullable(row.instantOrNull("sent_at"))),
            payment)
        .getFirst();
  }

  /// Writes a new row, unless its number is taken.
  ///
  /// @return false when the number is taken; nothing is written then
  boolean insert(Transaction tx, Refund refund, byte[] fingerprint, @Nullable Instant dueAt) {
    return tx.update(
            INSERT,
            refund.id(),
            refund.outRefundNo(),
            refund.payment(),
            refund.merchant(),
            refund.amount().cents(),
            Documents.write(refund.details()),
            fingerprint,
            refund.transactionId().orElse(null),
            refund.createdAt(),
            refund.createdAt(),
            dueAt)
        == 1;
  }

  /// Begins a refund anew that was refused.
  ///
  /// @param dueAt when the worker sends it, if nobody has by then
  void resume(Transaction tx, Refund refund, Instant dueAt, Instant now) {
    int resumed = tx.update(RESUME, now, dueAt, refund.id());
    ensure(resumed == 1, "refund %d is no longer refused", refund.id());
  }

  void sent(Transaction tx, long id, Instant now, @Nullable Instant dueAt) {
    tx.update(SENT, now, dueAt, id);
  }

  void lookAgain(Transaction tx, long id, @Nullable Instant at) {
    tx.update(LOOK_AGAIN, at, id);
  }

  /// A refund that is worked on now.
  ///
  /// @param payment its order
  record Claimed(long refund, long payment) {}

  List<Claimed> claim(Transaction tx, Instant now, Instant leasedUntil, int most) {
    return tx.query(
        CLAIM,
        row -> new Claimed(row.longAt("refund_id"), row.longAt("payment_id")),
        leasedUntil,
        now,
        most);
  }

  /// Where a refund goes, and what is known of it then.
  ///
  /// @param settlement what the merchant gave; null: it has not arrived
  /// @param settledBy the person who said so; null: the channel did
  record Move(
      RefundState to,
      boolean transforming,
      @Nullable String channelRefundId,
      @Nullable RefundFacts facts,
      String text,
      @Nullable Instant succeededAt,
      @Nullable Long postingId,
      @Nullable Long settlement,
      long feeBack,
      boolean noticeWanted,
      @Nullable Instant dueAt,
      @Nullable String settledBy) {}

  void move(Transaction tx, Refund refund, Move move, Instant now) {
    if (move.to() != refund.state()) {
      require(
          refund.state().next().contains(move.to()),
          "refund %d: no way from %s to %s",
          refund.id(),
          refund.state(),
          move.to());
    }
    int moved =
        tx.update(
            MOVE,
            move.to().code(),
            move.transforming(),
            move.channelRefundId(),
            move.facts() == null ? null : Documents.write(move.facts()),
            move.text(),
            now,
            move.succeededAt(),
            move.postingId(),
            move.settlement(),
            move.feeBack(),
            move.noticeWanted(),
            move.dueAt(),
            move.settledBy(),
            refund.id(),
            refund.state().code());
    ensure(moved == 1, "refund %d is no longer %s", refund.id(), refund.state());
  }

  private static Refund refund(Row row) {
    Currency currency = Currency.valueOf(row.text("currency"));
    return new Refund(
        row.longAt("refund_id"),
        row.text("out_refund_no"),
        row.longAt("payment_id"),
        row.longAt("merchant"),
        RefundState.parse(row.text("state")),
        row.bool("transforming"),
        Money.of(row.longAt("amount"), currency),
        Optional.ofNullable(row.longOrNull("settlement")).map(cents -> Money.of(cents, currency)),
        Documents.read(row.text("request"), RefundDetails.class),
        Optional.ofNullable(row.textOrNull("transaction_id")),
        Optional.ofNullable(row.textOrNull("channel_refund_id")),
        Optional.ofNullable(row.textOrNull("report"))
            .map(text -> Documents.read(text, RefundFacts.class)),
        row.text("state_text"),
        row.instant("created_at"),
        row.instant("updated_at"),
        Optional.ofNullable(row.instantOrNull("sent_at")),
        Optional.ofNullable(row.instantOrNull("succeeded_at")),
        row.intAt("looks"));
  }
}
