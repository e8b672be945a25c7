package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;
import static io.yunfu.server.api.admin.MerchantTypes.SUB_MERCHANT_IS;
import static io.yunfu.server.api.admin.PaymentTypes.NUMBER;
import static io.yunfu.server.api.admin.PaymentTypes.PAYMENT_IS;

import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.gateway.notice.MerchantNotice;
import io.yunfu.gateway.notice.MerchantNotices;
import io.yunfu.gateway.notice.MerchantNotices.Position;
import io.yunfu.gateway.payment.Payments;
import java.util.Comparator;
import java.util.List;

/// What merchants are told of payments and refunds, whether they took it, and once more.
final class NoticesArea implements Area {
  private static final ErrorCode NO_SUCH_NOTICE =
      ErrorCode.of(404, "NoSuchNotice", "There is no notice {0}.", "商户通知 {0} 不存在。");

  private static final Scalar<MerchantNotice.State> STATE =
      MerchantTypes.choice(MerchantNotice.State.values());
  private static final Scalar<Integer> COUNT = Types.int32(0, Integer.MAX_VALUE);

  private record Told(MerchantNotice notice, String paymentNumber, SubMerchantId subMerchant) {}

  private static final Form<Told> NOTICE =
      Form.<Told>of("MerchantNotice", "One thing that a merchant is told.")
          .with("id", Types.ROW_ID, "Its number.", its -> its.notice.id())
          .with("payment", Types.ROW_ID, "The payment's number here.", its -> its.notice.payment())
          .with("paymentNumber", NUMBER, "The payment's `out_trade_no`.", Told::paymentNumber)
          .maybe(
              "refund",
              Types.ROW_ID,
              "The refund that it tells of; absent: it tells of the payment.",
              its -> its.notice.refund())
          .with("subMerchant", MerchantTypes.SUB_MERCHANT_ID, "Who was paid.", Told::subMerchant)
          .with(
              "state",
              STATE,
              "`undelivered`: its schedule has ended; send it again.",
              its -> its.notice.state())
          .with("attempts", COUNT, "That were begun.", its -> its.notice.attempts())
          .with(
              "dueAt",
              Types.INSTANT,
              "Of a queued one: when it is tried next.",
              its -> its.notice.dueAt())
          .maybe(
              "lastError",
              PaymentTypes.WORDS,
              "Why the last attempt did not succeed.",
              its -> Answers.unlessEmpty(its.notice.lastError()))
          .with("createdAt", Types.INSTANT, "Since when it is due.", its -> its.notice.createdAt())
          .maybe(
              "endedAt", Types.INSTANT, "When its end was reached.", its -> its.notice.endedAt());

  private static final Form<MerchantNotice.Attempt> ATTEMPT =
      Form.<MerchantNotice.Attempt>of("NoticeAttempt", "One try to tell a merchant.")
          .with("number", COUNT, "From 1 on.", MerchantNotice.Attempt::number)
          .with("startedAt", Types.INSTANT, "When.", MerchantNotice.Attempt::startedAt)
          .with("tookMs", COUNT, "How long it took.", MerchantNotice.Attempt::tookMillis)
          .with(
              "httpStatus",
              Types.int32(0, 999),
              "0 when there was no answer.",
              MerchantNotice.Attempt::httpStatus)
          .with(
              "outcome",
              PaymentTypes.WORDS,
              "`taken`, or why not.",
              MerchantNotice.Attempt::outcome);

  private record Attempts(List<MerchantNotice.Attempt> items) {}

  private static final Form<Attempts> ATTEMPTS =
      Form.<Attempts>of("NoticeAttempts", "All tries, the oldest first.")
          .with("items", Form.list(ATTEMPT), "One by one.", Attempts::items);

  private static final Field.Must<Long> ID =
      must("notice", Types.ROW_ID, "The number of the notice.");
  private static final Field.May<MerchantNotice.State> STATE_IS =
      may("state", STATE, "Only those that stand so.");
  private static final Field.May<String> NUMBER_IS =
      may("paymentNumber", NUMBER, "Only those about the payment with this `out_trade_no`.");

  private static final Cursor<Position> CURSOR =
      Cursor.timeAndNumber(Position::at, Position::id, Position::new);

  private static final Comparator<Told> NEWEST_FIRST =
      Comparator.comparing((Told its) -> its.notice.createdAt())
          .thenComparingLong(its -> its.notice.id())
          .reversed();

  private final Merchants merchants;
  private final Payments payments;
  private final MerchantNotices notices;

  NoticesArea(Merchants merchants, Payments payments, MerchantNotices notices) {
    this.merchants = merchants;
    this.payments = payments;
    this.notices = notices;
  }

  @Override
  public String name() {
    return "notices";
  }

  @Override
  public String about() {
    return "What merchants are told of payments and refunds.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.get("notices.list", "/notices", "Lists notices, newest first.")
            .query(STATE_IS, SUB_MERCHANT_IS, PAYMENT_IS, NUMBER_IS)
            .pages(
                NOTICE,
                CURSOR,
                its -> Position.of(its.notice),
                "id",
                "paymentNumber",
                "subMerchant",
                "state",
                "attempts",
                "lastError",
                "createdAt")
            .by(this::list),
        Operation.get("notices.get", "/notices/{notice}", "Shows a notice.")
            .path(ID)
            .refuses(NO_SUCH_NOTICE)
            .answers(NOTICE)
            .by(this::existing),
        Operation.get(
                "notices.attempts",
                "/notices/{notice}/attempts",
                "Shows every try to tell a merchant.")
            .path(ID)
            .refuses(NO_SUCH_NOTICE)
            .answers(ATTEMPTS)
            .by(call -> new Attempts(notices.attempts(existing(call).notice.id()))),
        Operation.post(
                "notices.resend",
                "/notices/{notice}/resend",
                "Tells a merchant once more, from the beginning of the schedule.")
            .about("From whatever state, also when it was taken: merchants take a notice twice.")
            .path(ID)
            .refuses(NO_SUCH_NOTICE)
            .answers(NOTICE)
            .by(call -> {
              if (!notices.resend(call.operator(), call.get(ID))) {
                throw NO_SUCH_NOTICE.with(call.get(ID));
              }
              return existing(call);
            }));
  }

  private List<Told> list(Call call, Operation.Paging.Part<Position> part) {
    if (call.has(NUMBER_IS) && call.has(PAYMENT_IS)) {
      throw call.wrong(NUMBER_IS, "cannot be given together with payment", "不能与 payment 同时给出");
    }
    long merchant = PaymentTypes.filtered(merchants, call);
    return call.get(NUMBER_IS)
        .map(number ->
            payments.find(number).stream()
                .flatMap(order -> list(call, merchant, order.id(), part).stream())
                .sorted(NEWEST_FIRST) // a number is unique in its cell alone
                .limit(part.limit())
                .toList())
        .orElseGet(() -> list(call, merchant, call.get(PAYMENT_IS).orElse(0L), part));
  }

  private List<Told> list(
      Call call, long merchant, long payment, Operation.Paging.Part<Position> part) {
    var filter = new MerchantNotices.Filter(call.get(STATE_IS), merchant, payment);
    return notices.list(filter, part.after(), part.limit()).stream().map(this::told).toList();
  }

  private Told existing(Call call) {
    long id = call.get(ID);
    return told(Answers.found(notices.find(id), NO_SUCH_NOTICE, id));
  }

  private Told told(MerchantNotice notice) {
    return new Told(
        notice,
        payments.find(notice.payment()).orElseThrow().outTradeNo(),
        PaymentTypes.merchant(merchants, notice.id(), notice.merchant()).id());
  }
}
