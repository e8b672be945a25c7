package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;
import static io.yunfu.server.api.admin.MerchantTypes.SUB_MERCHANT_IS;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL_IS;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL_MISSING;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL_REFUSED;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL_SILENT;
import static io.yunfu.server.api.admin.PaymentTypes.CURSOR;
import static io.yunfu.server.api.admin.PaymentTypes.NO_SUCH_PAYMENT;
import static io.yunfu.server.api.admin.PaymentTypes.NUMBER;
import static io.yunfu.server.api.admin.PaymentTypes.PAYMENT;
import static io.yunfu.server.api.admin.PaymentTypes.PAYMENT_FORM;
import static io.yunfu.server.api.admin.PaymentTypes.REFUND_FORM;

import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.payment.ChannelAttempt;
import io.yunfu.gateway.payment.FollowOrder.CloseOutcome;
import io.yunfu.gateway.payment.KeptNotice;
import io.yunfu.gateway.payment.OperatePayments;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.PaymentFilter;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.gateway.payment.Refund;
import io.yunfu.gateway.payment.Refunds;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.server.api.admin.PaymentTypes.Paid;
import io.yunfu.server.api.admin.PaymentTypes.Refunded;
import java.util.List;
import java.util.Locale;

/// Payments over channels: what they are, what was asked of the channel, and what a person does
/// about them.
final class PaymentsArea implements Area {
  private static final ErrorCode ALREADY_PAID =
      ErrorCode.of(409, "AlreadyPaid", "The payment {0} is paid.", "支付订单 {0} 已支付。");
  private static final ErrorCode CLOSE_UNDECIDED =
      ErrorCode.of(
          409,
          "CloseUndecided",
          "The payer is at it, or the channel does not say: {0} stays open. Try again.",
          "用户正在支付或支付渠道未响应,订单 {0} 未关闭,请稍后重试。");
  private static final ErrorCode NOT_REFUNDABLE =
      ErrorCode.of(
          409,
          "NotRefundable",
          "The payment {0} is not paid, takes no refunds any more, or tops up a balance.",
          "支付订单 {0} 未支付、已不能退款,或为余额充值。");
  private static final ErrorCode TOO_MUCH =
      ErrorCode.of(409, "TooMuch", "Only {0} of the payment are left.", "该支付订单可退金额仅剩 {0}。");
  private static final ErrorCode OTHER_CURRENCY =
      ErrorCode.of(
          422, "OtherCurrency", "The payment is in {0}, not in {1}.", "该支付订单的币种为 {0},不是 {1}。");

  private record Looked(Paid paid, boolean answered) {}

  private static final Form<Looked> LOOKED =
      PAYMENT_FORM
          .<Looked>in("LookedPayment", "A payment after its channel was asked.", Looked::paid)
          .with(
              "answered",
              Types.FLAG,
              "False: the channel was silent, and this is what was known before.",
              Looked::answered);

  private static final Form<ChannelAttempt> ATTEMPT =
      Form.<ChannelAttempt>of(
              "ChannelAttempt", "One question to a channel that can move money, and its answer.")
          .with("id", Types.ROW_ID, "Its number.", ChannelAttempt::id)
          .maybe("refund", Types.ROW_ID, "The refund that it was about.", ChannelAttempt::refund)
          .with(
              "operation",
              Types.text(50),
              "What was asked: create, close, refund.",
              ChannelAttempt::operation)
          .with(
              "account",
              Types.text(200),
              "In whose name it was asked. WeChat Pay: `mch_id/sub_mch_id/appid`; Alipay:"
                  + " `app_id/seller_id`. Empty in records of earlier versions.",
              ChannelAttempt::account)
          .with(
              "state",
              Types.text(20),
              "`sent` while no answer is known; `done`, `refused`, `unknown`, `not_sent`.",
              ChannelAttempt::state)
          .with("sentAt", Types.INSTANT, "Before the first byte left.", ChannelAttempt::sentAt)
          .maybe(
              "deadline",
              Types.INSTANT,
              "By when an answer was waited for.",
              ChannelAttempt::deadline)
          .maybe("endedAt", Types.INSTANT, "When its end was known.", ChannelAttempt::endedAt)
          .with("host", Types.text(255), "Who was asked.", ChannelAttempt::host)
          .with(
              "httpStatus",
              Types.int32(0, 999),
              "0 when there was no answer.",
              ChannelAttempt::httpStatus)
          .with(
              "verified",
              Types.FLAG,
              "Whether the answer was signed by the channel.",
              ChannelAttempt::verified)
          .with("tries", Types.int32(0, 1000), "How often it was sent.", ChannelAttempt::tries)
          .with(
              "tookMs",
              Types.int32(0, Integer.MAX_VALUE),
              "From the first byte to the decision.",
              ChannelAttempt::tookMillis)
          .with("code", Types.text(200), "The channel's code.", ChannelAttempt::code)
          .with(
              "answer",
              Types.lines(100_000),
              "The answer as it came, without keys and signatures.",
              ChannelAttempt::answer);

  private static final Form<KeptNotice> NOTICE =
      Form.<KeptNotice>of("ChannelNotice", "What the channel reported, as it is kept.")
          .with(
              "key",
              Types.text(128),
              "Tells it from others: Alipay's `notify_id`, WeChat Pay's transaction and its state, a"
                  + " refund's number and its state.",
              notice -> notice.at().key())
          .with(
              "kind",
              Types.text(20),
              "Which address it came to: `payment`, `refund`.",
              notice -> notice.kind().name().toLowerCase(Locale.ROOT))
          .with(
              "verdict",
              Types.text(20),
              "`verified`: signed by the channel. `hint`: about a refund, and the channel was asked."
                  + " `ignored`: genuine, and of no consequence. `rejected`: not from the channel, or"
                  + " not about the payment.",
              notice -> notice.verdict().code())
          .with("why", Types.text(200), "It was ignored or rejected.", KeptNotice::why)
          .with(
              "heardAt",
              Types.INSTANT,
              "When it was heard first; that it came again is not kept.",
              notice -> notice.at().heardAt())
          .with("sha256", Types.text(64), "The digest of the body.", KeptNotice::sha256)
          .with(
              "body",
              Types.lines(100_000),
              "The body, without signatures and without what says who the payer is. Empty where it"
                  + " was rejected, which is not kept, and where the master key does not open it.",
              KeptNotice::text);

  private static final Cursor<KeptNotice.Position> NOTICE_CURSOR =
      Cursor.timeAnd(
          KeptNotice.Position::heardAt, KeptNotice.Position::key, KeptNotice.Position::new);

  private static final Field.May<OrderState> STATE_IS =
      may("state", PaymentTypes.STATE, "Only those that stand so.");
  private static final Field.May<String> NUMBER_IS =
      may("number", NUMBER, "Only those with this `out_trade_no`.");
  private static final Field.May<String> TRANSACTION_IS =
      may("transactionId", NUMBER, "Only those with this number of the channel.");

  private static final Field.Must<Long> AMOUNT =
      must("amount", Amounts.POSITIVE, "In the smallest unit of the currency: fen, cent.");
  private static final Field.Must<Currency> CURRENCY =
      must("currency", Types.CURRENCY, "The payment's currency, said for safety.");
  private static final Field.Must<String> REASON =
      must("reason", Types.text(80), "What the payer reads.").or("");

  private final Merchants merchants;
  private final Payments payments;
  private final OperatePayments operate;

  PaymentsArea(Merchants merchants, Payments payments, OperatePayments operate) {
    this.merchants = merchants;
    this.payments = payments;
    this.operate = operate;
  }

  @Override
  public String name() {
    return "payments";
  }

  @Override
  public String about() {
    return "Payments over WeChat Pay and Alipay.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.get("payments.list", "/payments", "Lists payments, newest first.")
            .query(SUB_MERCHANT_IS, STATE_IS, CHANNEL_IS, NUMBER_IS, TRANSACTION_IS)
            .pages(
                PAYMENT_FORM,
                CURSOR,
                Paid::position,
                "id",
                "number",
                "subMerchant",
                "channel",
                "state",
                "total",
                "currency",
                "createdAt")
            .by((call, part) -> {
              var filter =
                  new PaymentFilter<>(
                      PaymentTypes.filtered(merchants, call),
                      call.get(STATE_IS),
                      call.get(CHANNEL_IS),
                      call.get(NUMBER_IS),
                      call.get(TRANSACTION_IS),
                      0);
              return payments.list(filter, part.after(), part.limit()).stream()
                  .map(this::paid)
                  .toList();
            }),
        Operation.get("payments.get", "/payments/{payment}", "Shows a payment.")
            .path(PAYMENT)
            .refuses(NO_SUCH_PAYMENT)
            .answers(PAYMENT_FORM)
            .by(call -> paid(existing(call))),
        Operation.get(
                "payments.attempts",
                "/payments/{payment}/attempts",
                "Lists what was asked of the channel about a payment, newest first.")
            .path(PAYMENT)
            .refuses(NO_SUCH_PAYMENT)
            .pages(
                ATTEMPT,
                Cursor.number(),
                ChannelAttempt::id,
                "id",
                "operation",
                "state",
                "code",
                "httpStatus",
                "sentAt",
                "tookMs")
            .by((call, part) ->
                payments.attempts(
                    existing(call).id(), part.after().orElse(Long.MAX_VALUE), part.limit())),
        Operation.get(
                "payments.channel-notices",
                "/payments/{payment}/channel-notices",
                "Lists what the channel reported about a payment, newest first.")
            .about("As long as it is kept: `gateway.channel-notices.keep`.")
            .path(PAYMENT)
            .refuses(NO_SUCH_PAYMENT)
            .pages(
                NOTICE, NOTICE_CURSOR, KeptNotice::at, "key", "kind", "verdict", "why", "heardAt")
            .by((call, part) ->
                payments.channelNotices(existing(call), part.after(), part.limit())),
        Operation.post(
                "payments.look",
                "/payments/{payment}/look",
                "Asks the channel about a payment and its refunds now.")
            .about("Whatever its state: one that was closed may have been paid all the same.")
            .path(PAYMENT)
            .refuses(NO_SUCH_PAYMENT)
            .answers(LOOKED)
            .by(this::look),
        Operation.post(
                "payments.close",
                "/payments/{payment}/close",
                "Closes a payment that nobody has made, here and at the channel.")
            .path(PAYMENT)
            .refuses(NO_SUCH_PAYMENT, ALREADY_PAID, CLOSE_UNDECIDED)
            .answers(PAYMENT_FORM)
            .by(this::close),
        Operation.post(
                "payments.refund",
                "/payments/{payment}/refunds",
                "Gives money back to the payer of a sale.")
            .about("Accepted is not arrived: look at the refund.")
            .path(PAYMENT)
            .body(AMOUNT, CURRENCY, REASON)
            .example("{\"amount\": 100, \"currency\": \"CNY\", \"reason\": \"Sold out\"}")
            .repeatable()
            .refuses(
                NO_SUCH_PAYMENT,
                OTHER_CURRENCY,
                NOT_REFUNDABLE,
                TOO_MUCH,
                CHANNEL_MISSING,
                CHANNEL_REFUSED,
                CHANNEL_SILENT)
            .creates(REFUND_FORM)
            .by(this::refund));
  }

  private PaymentOrder existing(Call call) {
    return Answers.found(payments.find(call.get(PAYMENT)), NO_SUCH_PAYMENT, call.get(PAYMENT));
  }

  private Paid paid(PaymentOrder order) {
    return new Paid(order, PaymentTypes.merchant(merchants, order.id(), order.merchant()));
  }

  private Looked look(Call call) {
    long id = call.get(PAYMENT);
    var looked = Answers.found(operate.look(call.operator(), id), NO_SUCH_PAYMENT, id);
    return new Looked(paid(looked.order()), looked.answered());
  }

  private Paid close(Call call) {
    long id = call.get(PAYMENT);
    return switch (operate.close(call.operator(), id)) {
      case CloseOutcome.Closed() -> paid(existing(call));
      case CloseOutcome.NoSuchOrder() -> throw NO_SUCH_PAYMENT.with(id);
      case CloseOutcome.AlreadyPaid() -> throw ALREADY_PAID.with(id);
      case CloseOutcome.Undecided() -> throw CLOSE_UNDECIDED.with(id);
    };
  }

  private Refunded refund(Call call) {
    PaymentOrder order = existing(call);
    if (call.get(CURRENCY) != order.total().currency()) {
      throw OTHER_CURRENCY.with(order.total().currency(), call.get(CURRENCY)).at(CURRENCY.name());
    }
    var command =
        new OperatePayments.RefundCommand(
            order.id(),
            Money.of(call.get(AMOUNT), call.get(CURRENCY)),
            call.get(REASON),
            call.key());
    return switch (operate.refund(call.operator(), command)) {
      case Refunds.Outcome.Taken(PaymentOrder paid, Refund refund) ->
          new Refunded(refund, paid, paid(paid).merchant());
      case Refunds.Outcome.NoSuchOrder() -> throw NO_SUCH_PAYMENT.with(order.id());
      case Refunds.Outcome.NotRefundable() -> throw NOT_REFUNDABLE.with(order.id());
      case Refunds.Outcome.TotalDiffers() ->
          throw new IllegalStateException("the total of " + order.id() + " is its own");
      case Refunds.Outcome.TooMuch(Money left) -> throw TOO_MUCH.with(left).at(AMOUNT.name());
      case Refunds.Outcome.NumberUsed() ->
          throw Errors.KEY_REUSED.with().at(RequestReader.IDEMPOTENCY_KEY);
      case Refunds.Outcome.ChannelMissing() -> throw CHANNEL_MISSING.with();
      case Refunds.Outcome.ChannelRefused(var _, String code, String message) ->
          throw CHANNEL_REFUSED.with(code, message);
      case Refunds.Outcome.Unknown(var _, Refund refund) ->
          throw CHANNEL_SILENT.with("payment-refunds " + refund.id());
    };
  }
}
