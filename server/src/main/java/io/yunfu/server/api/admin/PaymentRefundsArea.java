package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.CasesArea.REMARK;
import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;
import static io.yunfu.server.api.admin.MerchantTypes.SUB_MERCHANT_IS;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL_IS;
import static io.yunfu.server.api.admin.PaymentTypes.CURSOR;
import static io.yunfu.server.api.admin.PaymentTypes.NO_SUCH_REFUND;
import static io.yunfu.server.api.admin.PaymentTypes.NUMBER;
import static io.yunfu.server.api.admin.PaymentTypes.PAYMENT_IS;
import static io.yunfu.server.api.admin.PaymentTypes.REFUND_FORM;

import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.payment.OperatePayments;
import io.yunfu.gateway.payment.OperatePayments.SettleOutcome;
import io.yunfu.gateway.payment.PaymentFilter;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.gateway.payment.Refund;
import io.yunfu.gateway.payment.RefundState;
import io.yunfu.server.api.admin.PaymentTypes.Refunded;
import java.util.List;

/// Refunds of payments over channels; `payments.refund` makes one.
final class PaymentRefundsArea implements Area {
  private static final Field.Must<Long> REFUND =
      must("refund", Types.ROW_ID, "The number of the refund in this installation.");
  private static final Field.May<RefundState> STATE_IS =
      may("state", PaymentTypes.REFUND_STATE, "Only those that stand so.");
  private static final Field.May<String> NUMBER_IS =
      may("number", NUMBER, "Only those with this `out_refund_no`.");
  private static final Field.May<String> CHANNEL_REFUND_IS =
      may("channelRefundId", NUMBER, "Only those with this number of the channel.");

  private static final ErrorCode NOT_FOR_PEOPLE =
      ErrorCode.of(
          409,
          "NotForPeople",
          "The refund {0} is {1}: only one that is unknown or abnormal is settled by a person.",
          "退款 {0} 的状态为 {1},仅状态为 unknown 或 abnormal 的退款可人工处理。");
  private static final Field.Must<Boolean> ARRIVED =
      must(
          "arrived",
          Types.FLAG,
          "True: the payer has the money, and the books show it. False: the payer has not, and the"
              + " amount may be refunded under another number.");

  private final Merchants merchants;
  private final Payments payments;
  private final OperatePayments operate;

  PaymentRefundsArea(Merchants merchants, Payments payments, OperatePayments operate) {
    this.merchants = merchants;
    this.payments = payments;
    this.operate = operate;
  }

  @Override
  public String name() {
    return "payment-refunds";
  }

  @Override
  public String about() {
    return "Refunds of payments over WeChat Pay and Alipay.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.get("payment-refunds.list", "/payment-refunds", "Lists refunds, newest first.")
            .query(SUB_MERCHANT_IS, STATE_IS, CHANNEL_IS, PAYMENT_IS, NUMBER_IS, CHANNEL_REFUND_IS)
            .pages(
                REFUND_FORM,
                CURSOR,
                Refunded::position,
                "id",
                "number",
                "paymentNumber",
                "subMerchant",
                "state",
                "amount",
                "currency",
                "createdAt")
            .by((call, part) -> {
              var filter =
                  new PaymentFilter<>(
                      PaymentTypes.filtered(merchants, call),
                      call.get(STATE_IS),
                      call.get(CHANNEL_IS),
                      call.get(NUMBER_IS),
                      call.get(CHANNEL_REFUND_IS),
                      call.get(PAYMENT_IS).orElse(0L));
              return payments.listRefunds(filter, part.after(), part.limit()).stream()
                  .map(this::refunded)
                  .toList();
            }),
        Operation.get("payment-refunds.get", "/payment-refunds/{refund}", "Shows a refund.")
            .path(REFUND)
            .refuses(NO_SUCH_REFUND)
            .answers(REFUND_FORM)
            .by(call ->
                refunded(
                    Answers.found(
                        payments.findRefund(call.get(REFUND)), NO_SUCH_REFUND, call.get(REFUND)))),
        Operation.post(
                "payment-refunds.settle",
                "/payment-refunds/{refund}/settle",
                "Says what became of a refund that is unknown or abnormal.")
            .about("Its cases are closed with the remark. Look into the channel's console first.")
            .path(REFUND)
            .body(ARRIVED, REMARK)
            .example("{\"arrived\": true, \"remark\": \"Paid out by bank transfer 20260131-7\"}")
            .refuses(NO_SUCH_REFUND, NOT_FOR_PEOPLE)
            .answers(REFUND_FORM)
            .by(this::settle));
  }

  private Refunded settle(Call call) {
    long id = call.get(REFUND);
    return switch (operate.settleRefund(call.operator(), id, call.get(ARRIVED), call.get(REMARK))) {
      case SettleOutcome.Settled(Refund refund) -> refunded(refund);
      case SettleOutcome.NoSuchRefund() -> throw NO_SUCH_REFUND.with(id);
      case SettleOutcome.NotForPeople(Refund refund) ->
          throw NOT_FOR_PEOPLE.with(id, refund.state().code());
    };
  }

  private Refunded refunded(Refund refund) {
    return new Refunded(
        refund,
        payments.find(refund.payment()).orElseThrow(),
        PaymentTypes.merchant(merchants, refund.id(), refund.merchant()));
  }
}
