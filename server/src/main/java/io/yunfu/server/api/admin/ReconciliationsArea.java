package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL_IS;
import static io.yunfu.server.api.admin.PaymentTypes.CURSOR;

import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.gateway.reconcile.Difference;
import io.yunfu.gateway.reconcile.Reconciliation;
import io.yunfu.gateway.reconcile.Reconciliations;
import io.yunfu.gateway.reconcile.SubMerchantTotals;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Days against the channels' bills of them: what came of each, what it does not agree on, and what
/// it comes to for each sub-merchant.
final class ReconciliationsArea implements Area {
  private static final ErrorCode NO_SUCH_DAY =
      ErrorCode.of(404, "NoSuchReconciliation", "There is no day {0}.", "对账日 {0} 不存在。");
  private static final ErrorCode NO_SUCH_ACCOUNT =
      ErrorCode.of(
          404,
          "NoSuchChannelAccount",
          "No sub-merchant is paid into the account {0} at this channel.",
          "没有子商户使用该渠道账号 {0} 收款。");
  private static final ErrorCode DAY_NOT_OVER =
      ErrorCode.of(
          409,
          "DayNotOver",
          "{0} is not over in Beijing: there is no bill of it.",
          "{0} 尚未结束(北京时间),还没有账单。");

  private static final Scalar<Reconciliation.State> STATE =
      MerchantTypes.choice(Reconciliation.State.values());
  private static final Scalar<Difference.Kind> CLASS =
      MerchantTypes.choice(Difference.Kind.values());
  private static final Scalar<Difference.State> DIFFERENCE_STATE =
      MerchantTypes.choice(Difference.State.values());
  private static final Scalar<String> ACCOUNT = Types.text(1, 64);
  private static final Scalar<String> ANY_NUMBER = Types.text(64);
  private static final Scalar<Long> COUNT = Types.integer(0, Long.MAX_VALUE);

  private static final Form<Reconciliation> DAY =
      Form.<Reconciliation>of("Reconciliation", "A day of an account at a channel.")
          .with("id", Types.ROW_ID, "Its number.", Reconciliation::id)
          .with("channel", CHANNEL, "At which channel.", Reconciliation::platform)
          .with(
              "account",
              ACCOUNT,
              "As the channel numbers it: a provider at WeChat Pay, a sub-merchant's seller at"
                  + " Alipay.",
              Reconciliation::account)
          .with("day", Types.DAY, "In Beijing.", Reconciliation::day)
          .with(
              "state",
              STATE,
              "`due`: its bill is still to come; `read`: it was held against the books; `empty`:"
                  + " there is none, and nothing of ours that would be in it; `unusable`: it does"
                  + " not add up, or the channel gives none; `missing`: it has not come in time;"
                  + " `changed`: it came again as another one.",
              Reconciliation::state)
          .with(
              "closed",
              Types.FLAG,
              "Whether everything is equal or decided.",
              Reconciliation::isClosed)
          .with(
              "open",
              COUNT,
              "Differences that are neither settled nor decided.",
              Reconciliation::open)
          .maybe(
              "detail",
              PaymentTypes.WORDS,
              "What the channel said last, if it gave no bill.",
              its -> Answers.unlessEmpty(its.detail()))
          .maybe(
              "rows",
              COUNT,
              "Lines of the bill, by its own summary.",
              its -> its.sums().map(Bill.Sums::rows))
          .maybe(
              "amount",
              Amounts.CENTS,
              "What was paid less what went back, as ordered, in fen, by its own summary.",
              its -> its.sums().map(Bill.Sums::amount))
          .maybe(
              "settlement",
              Amounts.CENTS,
              "The same as the merchants get it, before fees.",
              its -> its.sums().map(Bill.Sums::settlement))
          .maybe(
              "fee",
              Amounts.CENTS,
              "What the channel keeps of it, in fen, rounded.",
              its -> its.sums().map(sums -> Math.floorDiv(sums.fee() + 500, 1000)))
          .maybe("sha256", Types.text(64, 64), "Of the bill that was read.", Reconciliation::sha256)
          .with("runs", COUNT, "How often it was asked for.", its -> (long) its.run())
          .with("createdAt", Types.INSTANT, "When it was first due.", Reconciliation::createdAt)
          .maybe("askedAt", Types.INSTANT, "When it was asked for last.", Reconciliation::askedAt)
          .maybe("readAt", Types.INSTANT, "When its bill was read.", Reconciliation::readAt)
          .maybe("dueAt", Types.INSTANT, "When it is worked on next.", Reconciliation::dueAt);

  private static final Form<Difference> DIFFERENCE =
      Form.<Difference>of("Difference", "What a bill and the books do not agree on.")
          .with("id", Types.ROW_ID, "Its number.", Difference::id)
          .with(
              "class",
              CLASS,
              "`b1`: only in the bill, of an order that is known; `b2`: only in the bill, and"
                  + " unknown; `c1`: a payment that is in no bill; `c2`: a refund that is in none;"
                  + " `d1`: another amount; `d2`: another sub-merchant, app id or currency; `d3`:"
                  + " another status; `e1`: a second payment of one order, or one that stands"
                  + " there twice; `e2`: a refund that stands there twice; `g`: another fee; `r`:"
                  + " a refund that has not ended for three days.",
              Difference::kind)
          .with(
              "state",
              DIFFERENCE_STATE,
              "`open`; `waits`: for the bill of the next day; `noted`: only shown; `settled`: by"
                  + " what the channel has said since.",
              Difference::state)
          .with("detail", PaymentTypes.WORDS, "What it is.", Difference::detail)
          .maybe("payment", Types.ROW_ID, "The payment's number here.", Difference::payment)
          .maybe("refund", Types.ROW_ID, "The refund's number here.", Difference::refund)
          .maybe("case", Types.ROW_ID, "The case that shows it.", Difference::caseId)
          .with(
              "transactionId",
              ANY_NUMBER,
              "The channel's number of the payment.",
              Difference::transactionId)
          .with("paymentNumber", ANY_NUMBER, "`out_trade_no`.", Difference::outTradeNo)
          .maybe(
              "refundNumber",
              ANY_NUMBER,
              "Of a refund: `out_refund_no`, else the channel's.",
              its -> Answers.unlessEmpty(its.outRefundNo()))
          .with("foundAt", Types.INSTANT, "When it was found.", Difference::foundAt)
          .maybe("settledAt", Types.INSTANT, "When it was settled.", Difference::settledAt);

  /// A line of the report.
  private record Line(long number, SubMerchantTotals totals, Optional<SubMerchantId> subMerchant) {}

  private static final Form<Line> TOTALS =
      Form.<Line>of("SubMerchantTotals", "What a bill comes to for one sub-merchant, in fen.")
          .maybe(
              "subMerchant",
              MerchantTypes.SUB_MERCHANT_ID,
              "Who; absent for what nobody here knows.",
              Line::subMerchant)
          .with(
              "channelNumber",
              ANY_NUMBER,
              "As the bill numbers it; empty at Alipay.",
              its -> its.totals.channelNumber())
          .with("payments", COUNT, "How many.", its -> its.totals.payments())
          .with("paid", Amounts.CENTS, "As ordered.", its -> its.totals.paid())
          .with("refunds", COUNT, "How many.", its -> its.totals.refunds())
          .with("refunded", Amounts.CENTS, "As asked for.", its -> its.totals.refunded())
          .with(
              "settlement",
              Amounts.CENTS,
              "What was paid less what went back, as the sub-merchant gets it, before fees.",
              its -> its.totals.paidSettlement() - its.totals.refundedSettlement())
          .with(
              "fee",
              Amounts.CENTS,
              "What the channel keeps, less what it gave back; rounded.",
              its -> its.totals.feeFen())
          .with("net", Amounts.CENTS, "Settlement less fee.", its -> its.totals.net())
          .with(
              "bookedPaid",
              Amounts.CENTS,
              "What our books have of the same payments: their settlement, before fees.",
              its -> its.totals.bookedPaid())
          .with(
              "bookedRefunded",
              Amounts.CENTS,
              "The same of the refunds that have arrived.",
              its -> its.totals.bookedRefunded());

  private static final Field.Must<Long> ID =
      must("reconciliation", Types.ROW_ID, "The number of the day.");
  private static final Field.May<String> ACCOUNT_IS =
      may("account", ACCOUNT, "Only those of this account.");
  private static final Field.May<LocalDate> DAY_IS = may("day", Types.DAY, "Only this day.");
  private static final Field.May<Reconciliation.State> STATE_IS =
      may("state", STATE, "Only those in this state.");
  private static final Field.Must<Boolean> OPEN_DAYS =
      must("open", Types.FLAG, "True: only days that are not closed.").or(false);
  private static final Field.Must<Boolean> OPEN_ONLY =
      must("open", Types.FLAG, "True: only those that are neither settled nor noted.").or(false);
  private static final Field.Must<Boolean> REPLACE =
      must(
              "replace",
              Types.FLAG,
              "Whether the bill may be another one than that which was read before.")
          .or(false);
  private static final Field.Must<PayPlatform> CHANNEL_OF =
      must("channel", CHANNEL, "At which channel.");
  private static final Field.Must<String> ACCOUNT_OF =
      must("account", ACCOUNT, "As the channel numbers it.");
  private static final Field.Must<LocalDate> DAY_OF = must("day", Types.DAY, "In Beijing; over.");

  private final Merchants merchants;
  private final Reconciliations reconciliations;

  ReconciliationsArea(Merchants merchants, Reconciliations reconciliations) {
    this.merchants = merchants;
    this.reconciliations = reconciliations;
  }

  @Override
  public String name() {
    return "reconciliations";
  }

  @Override
  public String about() {
    return "Days against the channels' bills of them.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(list(), get(), differences(), totals(), run(), fetch());
  }

  private Operation list() {
    return Operation.get("reconciliations.list", "/reconciliations", "Lists days, newest first.")
        .query(CHANNEL_IS, ACCOUNT_IS, DAY_IS, STATE_IS, OPEN_DAYS)
        .pages(
            DAY,
            CURSOR,
            Reconciliation::position,
            "id",
            "channel",
            "account",
            "day",
            "state",
            "open",
            "rows",
            "amount")
        .by((call, part) ->
            reconciliations.list(
                new Reconciliation.Filter(
                    call.get(CHANNEL_IS),
                    call.get(ACCOUNT_IS),
                    call.get(DAY_IS),
                    call.get(STATE_IS),
                    call.get(OPEN_DAYS)),
                part.after(),
                part.limit()));
  }

  private Operation get() {
    return Operation.get("reconciliations.get", "/reconciliations/{reconciliation}", "Shows a day.")
        .path(ID)
        .refuses(NO_SUCH_DAY)
        .answers(DAY)
        .by(this::existing);
  }

  private Operation differences() {
    return Operation.get(
            "reconciliations.differences",
            "/reconciliations/{reconciliation}/differences",
            "Lists what a day does not agree on, as it was found.")
        .path(ID)
        .query(OPEN_ONLY)
        .refuses(NO_SUCH_DAY)
        .pages(
            DIFFERENCE,
            Cursor.number(),
            Difference::id,
            "id",
            "class",
            "state",
            "paymentNumber",
            "refundNumber",
            "detail",
            "case")
        .by((call, part) ->
            reconciliations.differences(
                existing(call).id(), call.get(OPEN_ONLY), part.after().orElse(0L), part.limit()));
  }

  private Operation totals() {
    return Operation.get(
            "reconciliations.totals",
            "/reconciliations/{reconciliation}/totals",
            "Lists what a day's bill comes to for each sub-merchant.")
        .about("Together that is the bill's own summary.")
        .path(ID)
        .refuses(NO_SUCH_DAY)
        .pages(
            TOTALS,
            Cursor.number(),
            Line::number,
            "subMerchant",
            "channelNumber",
            "payments",
            "paid",
            "refunds",
            "refunded",
            "fee",
            "net")
        .by((call, part) -> {
          var day = existing(call);
          var all = reconciliations.totals(day.id());
          List<Line> lines = new ArrayList<>();
          long first = part.after().orElse(0L);
          for (long i = first; i < all.size() && lines.size() < part.limit(); i++) {
            SubMerchantTotals one = all.get((int) i);
            lines.add(
                new Line(
                    i + 1,
                    one,
                    one.merchant()
                        .map(number -> PaymentTypes.merchant(merchants, day.id(), number).id())));
          }
          return lines;
        });
  }

  private Operation run() {
    return Operation.post(
            "reconciliations.run",
            "/reconciliations/{reconciliation}/run",
            "Has a day's bill fetched and held against the books again.")
        .about(
            "By the next node that looks, within seconds; what was found stays found. Another bill"
                + " than the one that was read before is shown to a person, unless it may replace"
                + " it.")
        .path(ID)
        .body(REPLACE)
        .example("{\"replace\": false}")
        .refuses(NO_SUCH_DAY)
        .answers(DAY)
        .by(call -> {
          long id = existing(call).id();
          reconciliations.runAgain(call.operator(), id, call.get(REPLACE));
          return existing(call);
        });
  }

  private Operation fetch() {
    return Operation.post(
            "reconciliations.fetch",
            "/reconciliations",
            "Has a day fetched that may not be in the list, such as one before the first.")
        .body(CHANNEL_OF, ACCOUNT_OF, DAY_OF)
        .example("{\"channel\": \"wechat\", \"account\": \"1900000001\", \"day\": \"2026-01-31\"}")
        .refuses(NO_SUCH_ACCOUNT, DAY_NOT_OVER)
        .answers(DAY)
        .by(call -> {
          LocalDate day = call.get(DAY_OF);
          if (!day.isBefore(reconciliations.today())) {
            throw DAY_NOT_OVER.with(day).at("day");
          }
          return reconciliations
              .run(call.operator(), call.get(CHANNEL_OF), call.get(ACCOUNT_OF), day)
              .orElseThrow(() -> NO_SUCH_ACCOUNT.with(call.get(ACCOUNT_OF)).at("account"));
        });
  }

  private Reconciliation existing(Call call) {
    long id = call.get(ID);
    return Answers.found(reconciliations.find(id), NO_SUCH_DAY, id);
  }
}
