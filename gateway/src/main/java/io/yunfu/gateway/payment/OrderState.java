package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.PayPlatform;
import java.util.Locale;
import java.util.Set;

/// The life of an order. What the wire calls a state depends on the channel: see [#number].
public enum OrderState {
  /// Written down, and nobody was asked.
  STORED,
  /// The channel was asked, and has not answered; or it knows it, and is still taking it in.
  SENT,
  /// The channel knows it, and waits for the payer.
  WAITING,
  PAID,
  /// Paid, and money went back: any (WeChat Pay), or all of it (Alipay).
  REFUNDED,
  /// Paid, and the channel takes no refunds any more (Alipay).
  FINISHED,
  /// Nobody can pay it, or shall.
  CLOSED,
  /// The channel refused it, or never heard of it.
  VOID;

  /// A closed order is paid after all when the channel says so: a late payment. Nothing that is
  /// paid becomes unpaid. A new state does not compile until it has its row here.
  public Set<OrderState> next() {
    return switch (this) {
      case STORED -> Set.of(SENT, WAITING, PAID, CLOSED, VOID);
      case SENT -> Set.of(WAITING, PAID, CLOSED, VOID);
      case WAITING -> Set.of(SENT, PAID, CLOSED);
      case CLOSED, VOID -> Set.of(PAID);
      case PAID -> Set.of(REFUNDED, FINISHED);
      case FINISHED -> Set.of(REFUNDED);
      case REFUNDED -> Set.of();
    };
  }

  public boolean isPaid() {
    return this == PAID || this == REFUNDED || this == FINISHED;
  }

  /// Whether the payer can still be expected to pay.
  public boolean isOpen() {
    return this == STORED || this == SENT || this == WAITING;
  }

  /// The wire's number: WxpayOrderState or AlipayOrderState. Source: `cloudpay.md` sections 4.7,
  /// 4.8. An order may have another one: see [PaymentOrder#stateNumber].
  int number(PayPlatform platform) {
    return switch (platform) {
      case WECHAT ->
          switch (this) {
            case STORED -> 1;
            case SENT -> 12;
            case WAITING -> 6;
            case PAID, FINISHED -> 3;
            case REFUNDED -> 4;
            case CLOSED -> 7;
            case VOID -> 11;
          };
      case ALIPAY ->
          switch (this) {
            case STORED, SENT -> 1;
            case WAITING -> 4;
            case PAID -> 2;
            case FINISHED -> 6;
            case REFUNDED, CLOSED -> 5;
            case VOID -> 7;
          };
    };
  }

  /// The name in the table `payment`.
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static OrderState parse(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
