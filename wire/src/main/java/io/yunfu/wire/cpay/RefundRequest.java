package io.yunfu.wire.cpay;

import io.yunfu.kernel.Money;
import java.util.Optional;
import java.util.Set;

/// `refund`: all or a part of an order's money back. Source: `cloudpay.md` section 2.8.
///
/// @param total must be the order's
/// @param checksRight whether the caller wants the operator's right checked: `api_version` 2
public record RefundRequest(
    MerchantIds merchant,
    String outTradeNo,
    String outRefundNo,
    Money total,
    Money amount,
    Optional<String> reason,
    Optional<String> clientFlowId,
    Optional<String> outFreezeNo,
    Optional<String> refundAccount,
    Operator operator,
    boolean checksRight,
    OrderClient client,
    String nonce)
    implements CallContent {
  public static final String NAME = "refund";

  private static final Set<String> ACCOUNTS =
      Set.of("REFUND_SOURCE_UNSETTLED_FUNDS", "REFUND_SOURCE_RECHARGE_FUNDS");

  /// Who refunds, and by whose right.
  ///
  /// @param admin absent when the caller does not say
  public record Operator(
      Optional<Boolean> admin, Optional<String> authorizationStaffId, Optional<String> name) {
    static Operator of(FieldReader key) {
      return new Operator(
          key.optionalFlag("is_sub_mch_admin").or(() -> key.optionalFlag("is_sub_admin")),
          key.optionalIdentifier("authorization_staff_id", 64),
          key.optionalText("authorization_name", 32));
    }
  }

  public static RefundRequest of(FieldReader in) {
    FieldReader key = in.object("pay_mch_key");
    MerchantIds merchant = MerchantIds.of(key);
    Operator operator = Operator.of(key);
    FieldReader content = content(in);
    content.currency("refund_fee_type");
    return new RefundRequest(
        merchant,
        content.identifier("out_trade_no", OrderRequest.LONGEST_NUMBER),
        content.number("out_refund_no", false),
        content.money("total_fee"),
        content.money("refund_fee"),
        content.optionalText("refund_reason", 64),
        content.optionalIdentifier("client_refund_flow_id", 64),
        content.optionalIdentifier("out_freeze_no", OrderRequest.LONGEST_NUMBER),
        account(content),
        operator,
        in.optionalInteger("api_version", 1, 2).orElse(1) == 2,
        OrderClient.of(in.objectOrEmpty("order_client")),
        Nonces.read(in));
  }

  @Override
  public Optional<NewNumber> newNumber() {
    return Optional.of(new NewNumber("refund_content.out_refund_no", outRefundNo));
  }

  /// Older sample code puts the members under `pay_content` (OP-45).
  private static FieldReader content(FieldReader in) {
    return in.optionalObject("refund_content")
        .or(() -> in.optionalObject("pay_content"))
        .orElseGet(() -> in.object("refund_content"));
  }

  /// Three names are documented for the same block (OP-23).
  private static Optional<String> account(FieldReader content) {
    return content
        .optionalObject("wx_pay_refund_content_ext")
        .or(() -> content.optionalObject("wxpay_refund_content_ext"))
        .or(() -> content.optionalObject("wxpay_refund_order_content_ext"))
        .flatMap(ext -> ext.optionalWord("refund_account", ACCOUNTS));
  }
}
