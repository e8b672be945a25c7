package io.yunfu.simulator.wechat;

import java.util.Set;

/// The life of an order; named as `trade_state` on the wire.
enum OrderState {
  NOTPAY("订单未支付"),
  USERPAYING("用户支付中"),
  PAYERROR("支付失败(其他原因，如银行返回失败)"),
  SUCCESS("支付成功"),
  REFUND("订单发生过退款，退款详情请查询退款单"),
  CLOSED("订单已关闭"),
  REVOKED("订单已撤销");

  private final String description;

  OrderState(String description) {
    this.description = description;
  }

  /// `trade_state_desc`.
  String description() {
    return description;
  }

  /// From `CLOSED` an order is paid only by a late payment, which takes a fault.
  Set<OrderState> next() {
    return switch (this) {
      case NOTPAY -> Set.of(USERPAYING, PAYERROR, SUCCESS, CLOSED, REVOKED);
      case USERPAYING -> Set.of(NOTPAY, PAYERROR, SUCCESS, CLOSED, REVOKED);
      case PAYERROR -> Set.of(NOTPAY, USERPAYING, SUCCESS, CLOSED, REVOKED);
      case SUCCESS -> Set.of(REFUND, REVOKED);
      case CLOSED -> Set.of(SUCCESS);
      case REFUND, REVOKED -> Set.of();
    };
  }

  /// Whether the user has paid at some time.
  boolean isPaid() {
    return this == SUCCESS || this == REFUND;
  }

  /// Whether the user may still pay.
  boolean isOpen() {
    return switch (this) {
      case NOTPAY, USERPAYING, PAYERROR -> true;
      case SUCCESS, REFUND, CLOSED, REVOKED -> false;
    };
  }
}
