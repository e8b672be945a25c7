package io.yunfu.gateway.payment;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Columns;
import io.yunfu.db.Pipeline;
import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.payment.AttemptStore.Question;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Orders at rest: table `payment`. Every move is held against the state that it was decided on.
final class PaymentStore {
  private static final String COLUMNS =
      """
      select payment_id, out_trade_no, merchant, out_shop_id, platform, sub_platform, state, transforming, total,
             currency, request::text as request, sign_type, prepaid, transaction_id, payment::text as payment,
             state_text, top_up_uin, coalesce(settlement, 0) as settlement, settlement_refunded, fee, fee_ppm, reserved, refunded, created_at, updated_at, expires_at, paid_at, closed_at,
             close_due_at, asked_at, looks, paid_at is null and payment is not null as reversed
        from payment
      """;
  private static final String BY_NUMBER = COLUMNS + " where out_trade_no = ?";
  private static final String BY_ID = COLUMNS + " where payment_id = ?";
  private static final String LOCK = BY_ID + " for update";
  private static final String LIST =
      COLUMNS
          + """
           where (created_at, payment_id) < (?, ?) and (? = 0 or merchant = ?) and (? = '' or state = ?)
             and (? = 0 or platform = ?)
           order by created_at desc, payment_id desc limit ?
          """;
  private static final String BY_TRANSACTION = COLUMNS + " where transaction_id = ?";
  private static final String BY_TOP_UP =
      COLUMNS + " where top_up_uin = ? and payment_id < ? order by payment_id desc limit ?";
  private static final String FINGERPRINT = "select fingerprint from payment where payment_id = ?";

  private static final String BEGIN =
      """
      with fresh as materialized (
        select *
          from unnest(?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::smallint[], ?::smallint[], ?::bigint[], ?::text[],
                      ?::text[], ?::bytea[], ?::text[], ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
                      ?::bigint[], ?::text[], ?::bytea[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])
               as f (payment_id, out_trade_no, merchant, out_shop_id, platform, sub_platform, total, currency, request,
                     fingerprint, sign_type, top_up_uin, created_at, expires_at, due_at, attempt_id, operation, asked,
                     asked_sign_type, account, sent_at, deadline)),
      written as (
        insert into payment (payment_id, out_trade_no, merchant, out_shop_id, platform, sub_platform, state, transforming,
                             total, currency, request, fingerprint, sign_type, top_up_uin, created_at, updated_at,
                             expires_at, due_at)
        select payment_id, out_trade_no, merchant, out_shop_id, platform, sub_platform, 'sent', true, total, currency,
               request::jsonb, fingerprint, sign_type, top_up_uin, created_at, created_at, expires_at, due_at
          from fresh
        on conflict (out_trade_no) do nothing
        returning payment_id)
      insert into channel_attempt (attempt_id, payment_id, operation, fingerprint, sign_type, account, state, sent_at,
                                   deadline)
      select attempt_id, payment_id, operation, asked, asked_sign_type, account, 'sent', sent_at, deadline
        from fresh
        join written using (payment_id)
      returning payment_id
      """;

  /// In id order, so that batches that overlap wait for each other instead of deadlocking.
  private static final String LOCK_ALL =
      """
      select payment_id from payment where payment_id = any (?) order by payment_id for no key update
      """;

  private static final String WAITING =
      """
      update payment p
         set state = case when p.state in ('stored', 'sent') then 'waiting' else p.state end, prepaid = k.prepaid,
             transaction_id = coalesce(p.transaction_id, k.transaction_id), transforming = false, updated_at = k.at
        from unnest(?::bigint[], ?::text[], ?::text[], ?::timestamptz[]) as k (payment_id, prepaid, transaction_id, at)
       where p.payment_id = k.payment_id
      returning p.payment_id, p.state
      """;
  private static final String STATE = "select state from payment where payment_id = ?";
  private static final String MOVE =
      """
      update payment
         set state = ?, transforming = false, state_text = ?, updated_at = ?, closed_at = coalesce(?, closed_at),
             close_due_at = ?, due_at = ?
       where payment_id = ? and state = ?
      """;
  private static final String PAID =
      """
      update payment
         set state = 'paid', transforming = false, transaction_id = ?, payment = ?::jsonb, paid_at = ?, settlement = ?,
             fee = ?, fee_ppm = ?, notice_wanted = ?, posting_id = ?, state_text = '', updated_at = ?, close_due_at = null, due_at = null
       where payment_id = ? and state = ?
      """;
  private static final String TURN =
      """
      update payment set state = ?, transforming = false, state_text = ?, updated_at = ? where payment_id = ? and state = ?
      """;

  /// In the place of what is said of a payment, since there is none.
  private static final String REVERSED =
      "update payment set payment = '{\"reversed\": true}' where payment_id = ? and paid_at is null";

  private static final String TEXT =
      "update payment set state_text = ?, transforming = false, updated_at = ? where payment_id = ? and state_text <> ?";
  private static final String ASK =
      "update payment set asked_at = ? where payment_id = ? and (asked_at is null or asked_at <= ?)";
  private static final String LOOK_AGAIN =
      "update payment set due_at = ?, looks = looks + 1 where payment_id = ?";
  private static final String CLOSE_TOLD =
      "update payment set close_due_at = null where payment_id = ?";

  private static final String CLAIM =
      """
      update payment
         set due_at = ?
       where payment_id in (select payment_id from payment where due_at <= ? order by due_at limit ?
                               for update skip locked)
      returning payment_id
      """;

  private static final String RESERVE =
      """
      update payment set reserved = reserved + ?, updated_at = ?
       where payment_id = ? and reserved + ? <= total
      """;
  private static final String REFUNDED =
      """
      update payment
         set reserved = reserved + ?, refunded = refunded + ?, settlement_refunded = settlement_refunded + ?, fee = fee - ?,
             state = ?, updated_at = ?
       where payment_id = ? and state = ?
      """;

  Optional<PaymentOrder> byNumber(Transaction tx, String outTradeNo) {
    return tx.queryOne(BY_NUMBER, PaymentStore::order, outTradeNo);
  }

  Optional<PaymentOrder> byId(Transaction tx, long id) {
    return tx.queryOne(BY_ID, PaymentStore::order, id);
  }

  PaymentOrder lock(Transaction tx, long id) {
    return tx.queryOne(LOCK, PaymentStore::order, id).orElseThrow();
  }

  /// Those that a channel's number of a payment belongs to.
  List<PaymentOrder> byTransaction(Transaction tx, String transactionId) {
    return tx.query(BY_TRANSACTION, PaymentStore::order, transactionId);
  }

  /// The newest first; the numbers of the filter are not looked at.
  List<PaymentOrder> list(
      Transaction tx, PaymentFilter<OrderState> filter, Position after, int limit) {
    String state = filter.state().map(OrderState::code).orElse("");
    int platform = filter.platform().map(PayPlatform::number).orElse(0);
    return tx.query(
        LIST,
        PaymentStore::order,
        after.at(),
        after.id(),
        filter.merchant(),
        filter.merchant(),
        state,
        state,
        platform,
        platform,
        limit);
  }

  List<PaymentOrder> topUps(Transaction tx, Uin owner, long before, int limit) {
    return tx.query(BY_TOP_UP, PaymentStore::order, owner.value(), before, limit);
  }

  byte[] fingerprint(Transaction tx, long id) {
    return tx.queryOne(FINGERPRINT, row -> row.bytes("fingerprint"), id).orElseThrow();
  }

  /// An order that is not written yet.
  ///
  /// @param document its details, as they are kept: made by whoever asks, since many wait for who
  ///   writes
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Fresh(PaymentOrder order, String document, byte[] fingerprint, Instant dueAt) {
    static Fresh of(PaymentOrder order, byte[] fingerprint, Instant dueAt) {
      return new Fresh(order, Documents.write(order.details()), fingerprint, dueAt);
    }
  }

  /// Writes new orders, each with the question that is asked about it next, but none whose number
  /// is taken. In the order of their numbers, for the same reason as in [#LOCK_ALL].
  ///
  /// @return after the pipeline, the ids of those that were written
  Supplier<Set<Long>> begin(Pipeline pipeline, List<OrderStep.Begin> all) {
    if (all.isEmpty()) {
      return Set::of;
    }
    var fresh =
        all.stream()
            .sorted(Comparator.comparing(begin -> begin.order().order().outTradeNo()))
            .toList();
    var kept = new Columns<>(fresh.stream().map(OrderStep.Begin::order).toList());
    var orders = new Columns<>(fresh.stream().map(begin -> begin.order().order()).toList());
    var questions = new Columns<>(fresh.stream().map(OrderStep.Begin::question).toList());
    var written =
        pipeline.query(
            BEGIN,
            row -> row.longAt("payment_id"),
            orders.longs(PaymentOrder::id),
            orders.texts(PaymentOrder::outTradeNo),
            orders.longs(PaymentOrder::merchant),
            orders.texts(one -> one.shop().value()),
            orders.shorts(one -> one.platform().number()),
            orders.shorts(PaymentOrder::subPlatform),
            orders.longs(one -> one.total().cents()),
            orders.texts(one -> one.total().currency().name()),
            kept.texts(Fresh::document),
            kept.bytes(Fresh::fingerprint),
            orders.texts(one -> one.signType().map(SignType::code).orElse(null)),
            orders.longsOrNull(one -> one.topUp().map(Uin::value).orElse(null)),
            orders.times(PaymentOrder::createdAt),
            orders.times(PaymentOrder::expiresAt),
            kept.times(Fresh::dueAt),
            questions.longs(Question::id),
            questions.texts(Question::operation),
            questions.bytes(Question::fingerprint),
            questions.texts(Question::signType),
            questions.texts(Question::account),
            questions.times(Question::at),
            questions.times(Question::deadline));
    return () -> new HashSet<>(written.rows());
  }

  /// That an order is known at its channel.
  ///
  /// @param prepaid the channel's prepay id, or Alipay's trade number
  /// @param transactionId where the channel has one already
  record Known(long id, String prepaid, Optional<String> transactionId, Instant at) {}

  /// The channel knows them. What was paid or closed meanwhile stays so.
  ///
  /// @return after the pipeline, the states of those that are there
  Supplier<Map<Long, OrderState>> waiting(Pipeline pipeline, List<Known> orders) {
    if (orders.isEmpty()) {
      return Map::of;
    }
    var columns = new Columns<>(orders);
    long[] ids = columns.longs(Known::id);
    pipeline.query(LOCK_ALL, row -> row.longAt("payment_id"), ids);
    var moved =
        pipeline.query(
            WAITING,
            row -> Map.entry(row.longAt("payment_id"), OrderState.parse(row.text("state"))),
            ids,
            columns.texts(Known::prepaid),
            columns.texts(one -> one.transactionId().orElse(null)),
            columns.times(Known::at));
    return () ->
        moved.rows().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  Optional<OrderState> stateOf(Transaction tx, long id) {
    return tx.queryOne(STATE, row -> OrderState.parse(row.text("state")), id);
  }

  /// A move that is not a payment.
  ///
  /// @param closeDueAt when the channel may be told; null: it need not be
  void move(
      Transaction tx,
      PaymentOrder order,
      OrderState to,
      String text,
      Instant now,
      @Nullable Instant closeDueAt,
      @Nullable Instant dueAt) {
    requireWay(order, to);
    Instant closedAt = to == OrderState.CLOSED || to == OrderState.VOID ? now : null;
    int moved =
        tx.update(
            MOVE,
            to.code(),
            text,
            now,
            closedAt,
            closeDueAt,
            dueAt,
            order.id(),
            order.state().code());
    ensure(moved == 1, "payment %d is no longer %s", order.id(), order.state());
  }

  /// What comes with a payment.
  ///
  /// @param settlement what the channel owes for it
  /// @param fee what the channel keeps of that, at a rate of `feePpm`
  /// @param noticeWanted whether the merchant is to be told
  record Paid(
      PaymentFacts facts,
      Instant at,
      long settlement,
      long fee,
      int feePpm,
      boolean noticeWanted,
      long postingId) {}

  void paid(Transaction tx, PaymentOrder order, Paid paid, Instant now) {
    requireWay(order, OrderState.PAID);
    int moved =
        tx.update(
            PAID,
            paid.facts().transactionId(),
            Documents.write(paid.facts()),
            paid.at(),
            paid.settlement(),
            paid.fee(),
            paid.feePpm(),
            paid.noticeWanted(),
            paid.postingId(),
            now,
            order.id(),
            order.state().code());
    ensure(moved == 1, "payment %d is no longer %s", order.id(), order.state()); // never twice
  }

  /// A move between two states of an open order, whose looks go on as they would.
  void turn(Transaction tx, PaymentOrder order, OrderState to, String text, Instant now) {
    requireWay(order, to);
    int moved = tx.update(TURN, to.code(), text, now, order.id(), order.state().code());
    ensure(moved == 1, "payment %d is no longer %s", order.id(), order.state());
  }

  /// That a closed order was undone by its seller.
  void reversed(Transaction tx, long id) {
    tx.update(REVERSED, id);
  }

  void text(Transaction tx, long id, String text, Instant now) {
    tx.update(TEXT, text, now, id, text);
  }

  /// Takes the turn to ask the channel.
  ///
  /// @param notSince when it was asked later than this, the turn is not given
  boolean takeTurn(Transaction tx, long id, Instant now, Instant notSince) {
    return tx.update(ASK, now, id, notSince) == 1;
  }

  void lookAgain(Transaction tx, long id, @Nullable Instant at) {
    tx.update(LOOK_AGAIN, at, id);
  }

  void closeTold(Transaction tx, long id) {
    tx.update(CLOSE_TOLD, id);
  }

  /// Takes what is due; until `leasedUntil` nobody else does.
  List<Long> claim(Transaction tx, Instant now, Instant leasedUntil, int most) {
    return tx.query(CLAIM, row -> row.longAt("payment_id"), leasedUntil, now, most);
  }

  /// Sets a part of the total aside for a refund.
  ///
  /// @return false when less than that is left
  boolean reserve(Transaction tx, long id, long cents, Instant now) {
    return tx.update(RESERVE, cents, now, id, cents) == 1;
  }

  /// Ends a reservation.
  ///
  /// @param reserved what is added to the reservation: below zero gives it back
  /// @param refunded what has gone back to the payer now
  /// @param settlement what of that the merchant gave
  /// @param feeBack what of the fee came back
  void settleRefund(
      Transaction tx,
      PaymentOrder order,
      long reserved,
      long refunded,
      long settlement,
      long feeBack,
      OrderState to,
      Instant now) {
    if (to != order.state()) {
      requireWay(order, to);
    }
    int moved =
        tx.update(
            REFUNDED,
            reserved,
            refunded,
            settlement,
            feeBack,
            to.code(),
            now,
            order.id(),
            order.state().code());
    ensure(moved == 1, "payment %d is no longer %s", order.id(), order.state());
  }

  private static void requireWay(PaymentOrder order, OrderState to) {
    require(
        order.state().next().contains(to),
        "payment %d: no way from %s to %s",
        order.id(),
        order.state(),
        to);
  }

  private static PaymentOrder order(Row row) {
    return new PaymentOrder(
        row.longAt("payment_id"),
        row.text("out_trade_no"),
        row.longAt("merchant"),
        new ShopId(row.text("out_shop_id")),
        PayPlatform.of(row.intAt("platform")).orElseThrow(),
        row.intAt("sub_platform"),
        OrderState.parse(row.text("state")),
        row.bool("transforming"),
        Money.of(row.longAt("total"), Currency.valueOf(row.text("currency"))),
        Documents.read(row.text("request"), OrderDetails.class),
        signType(row.textOrNull("sign_type")),
        Optional.ofNullable(row.textOrNull("prepaid")),
        Optional.ofNullable(row.textOrNull("transaction_id")),
        Optional.ofNullable(row.textOrNull("payment"))
            .filter(_ -> row.instantOrNull("paid_at") != null)
            .map(text -> Documents.read(text, PaymentFacts.class)),
        row.text("state_text"),
        Optional.ofNullable(row.longOrNull("top_up_uin")).map(Uin::new),
        row.longAt("settlement"),
        row.longAt("settlement_refunded"),
        row.longAt("fee"),
        row.intAt("fee_ppm"),
        row.longAt("reserved"),
        row.longAt("refunded"),
        row.instant("created_at"),
        row.instant("updated_at"),
        row.instant("expires_at"),
        Optional.ofNullable(row.instantOrNull("paid_at")),
        Optional.ofNullable(row.instantOrNull("closed_at")),
        Optional.ofNullable(row.instantOrNull("close_due_at")),
        Optional.ofNullable(row.instantOrNull("asked_at")),
        row.intAt("looks"),
        row.bool("reversed"));
  }

  private static Optional<SignType> signType(@Nullable String code) {
    for (SignType type : SignType.values()) {
      if (type.code().equals(code)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
