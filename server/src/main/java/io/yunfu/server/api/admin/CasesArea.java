package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;
import static io.yunfu.server.api.admin.MerchantTypes.SUB_MERCHANT_IS;
import static io.yunfu.server.api.admin.PaymentTypes.CURSOR;
import static io.yunfu.server.api.admin.PaymentTypes.NUMBER;
import static io.yunfu.server.api.admin.PaymentTypes.PAYMENT_IS;

import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.gateway.payment.PaymentCase;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.gateway.payment.Position;
import java.util.List;
import java.util.Optional;

/// What a person has to look at: late, double and wrong payments, refunds that did not arrive.
final class CasesArea implements Area {
  private static final ErrorCode NO_SUCH_CASE =
      ErrorCode.of(404, "NoSuchCase", "There is no case {0}.", "待处理事项 {0} 不存在。");
  private static final ErrorCode CASE_CLOSED =
      ErrorCode.of(409, "CaseClosed", "The case {0} is closed already.", "待处理事项 {0} 已关闭。");

  private record Told(PaymentCase one, Optional<SubMerchantId> subMerchant) {}

  private static final Scalar<PaymentCase.Kind> KIND =
      MerchantTypes.choice(PaymentCase.Kind.values());
  private static final int LONGEST_REMARK = 500;

  private static final Form<Told> CASE =
      Form.<Told>of("PaymentCase", "Something about a payment that a person has to look at.")
          .with("id", Types.ROW_ID, "Its number.", its -> its.one.id())
          .with(
              "kind",
              KIND,
              "`late_payment`: paid after it was closed; `double_payment`: paid twice; `mismatch`:"
                  + " the channel's amount or number is not ours; `refund_abnormal`: the payer's bank"
                  + " sent a refund back; `refund_lost`: the channel does not know a refund;"
                  + " `channel_refund`: money went back, and not by us; `misconfigured`: our set-up"
                  + " at the channel is wrong; `unresolved`: the end is not known; and what a bill"
                  + " of a channel does not agree on with us: `bill_unknown`: it has what nobody"
                  + " here knows; `bill_unconfirmed`: it has it as paid, and the channel does not"
                  + " say so when it is asked; `bill_absent`: it is in no bill; `bill_differs`:"
                  + " another amount, merchant or end; `bill_duplicate`: it is there twice;"
                  + " `bill_unusable`: the bill itself has not come, does not add up or has"
                  + " changed.",
              its -> its.one.kind())
          .maybe(
              "payment",
              Types.ROW_ID,
              "The payment's number here; of a bill, there may be none.",
              its -> its.one.payment())
          .maybe(
              "paymentNumber", NUMBER, "The payment's `out_trade_no`.", its -> its.one.outTradeNo())
          .maybe("subMerchant", MerchantTypes.SUB_MERCHANT_ID, "Who was paid.", Told::subMerchant)
          .maybe("refund", Types.ROW_ID, "The refund's number here.", its -> its.one.refund())
          .maybe(
              "reconciliation",
              Types.ROW_ID,
              "The number of the day whose bill it was found in.",
              its -> its.one.reconciliation())
          .with("detail", PaymentTypes.WORDS, "What is known.", its -> its.one.detail())
          .with("openedAt", Types.INSTANT, "Since when.", its -> its.one.openedAt())
          .maybe("closedAt", Types.INSTANT, "When it was closed.", its -> its.one.closedAt())
          .maybe("closedBy", Types.text(200), "Who closed it.", its -> its.one.closedBy())
          .maybe(
              "remark",
              PaymentTypes.WORDS,
              "What that person said.",
              its -> Answers.unlessEmpty(its.one.remark()));

  private static final Field.Must<Long> ID = must("case", Types.ROW_ID, "The number of the case.");
  private static final Field.Must<Boolean> OPEN =
      must("open", Types.FLAG, "False: closed ones too.").or(true);
  private static final Field.May<PaymentCase.Kind> KIND_IS =
      may("kind", KIND, "Only those of this kind.");
  static final Field.Must<String> REMARK =
      must("remark", Types.text(1, LONGEST_REMARK), "What was found and done.");

  private final Merchants merchants;
  private final Payments payments;

  CasesArea(Merchants merchants, Payments payments) {
    this.merchants = merchants;
    this.payments = payments;
  }

  @Override
  public String name() {
    return "cases";
  }

  @Override
  public String about() {
    return "Payments and refunds that a person has to look at.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.get("cases.list", "/cases", "Lists cases, newest first: those that are open.")
            .query(OPEN, KIND_IS, SUB_MERCHANT_IS, PAYMENT_IS)
            .pages(
                CASE,
                CURSOR,
                its -> Position.of(its.one),
                "id",
                "kind",
                "paymentNumber",
                "subMerchant",
                "detail",
                "openedAt",
                "closedAt")
            .by((call, part) -> {
              var filter =
                  new PaymentCase.Filter(
                      call.get(OPEN),
                      call.get(KIND_IS),
                      PaymentTypes.filtered(merchants, call),
                      call.get(PAYMENT_IS).orElse(0L));
              return payments.cases(filter, part.after(), part.limit()).stream()
                  .map(this::shown)
                  .toList();
            }),
        Operation.get("cases.get", "/cases/{case}", "Shows a case.")
            .path(ID)
            .refuses(NO_SUCH_CASE)
            .answers(CASE)
            .by(this::existing),
        Operation.post("cases.close", "/cases/{case}/close", "Closes a case that needs no more.")
            .about("It changes nothing but the case: money is moved by refunds and adjustments.")
            .path(ID)
            .body(REMARK)
            .example("{\"remark\": \"Paid out by bank transfer 20260131-7\"}")
            .refuses(NO_SUCH_CASE, CASE_CLOSED)
            .answers(CASE)
            .by(call -> {
              long id = existing(call).one.id();
              if (!payments.closeCase(call.operator(), id, call.get(REMARK))) {
                throw CASE_CLOSED.with(id);
              }
              return existing(call);
            }));
  }

  private Told existing(Call call) {
    long id = call.get(ID);
    return shown(Answers.found(payments.findCase(id), NO_SUCH_CASE, id));
  }

  private Told shown(PaymentCase one) {
    return new Told(
        one, one.merchant().map(number -> PaymentTypes.merchant(merchants, one.id(), number).id()));
  }
}
