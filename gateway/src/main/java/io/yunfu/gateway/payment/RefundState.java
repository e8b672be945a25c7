package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.PayPlatform;
import java.util.Locale;
import java.util.Set;

/// The life of a refund. What the wire calls a state depends on the channel: see [#number].
public enum RefundState {
  /// Written down and reserved; the channel was not asked, or has not answered.
  STORED,
  /// The channel has taken it, and money is on its way.
  ACCEPTED,
  SUCCESS,
  FAILED,
  /// The channel refused it for a reason that may pass, such as too little money in the merchant's
  /// account there. Nothing is reserved; the same call again sends it again.
  REFUSED,
  /// The bank sent the money back: a person must act.
  ABNORMAL,
  /// The channel does not know it, or does not say what became of it: a person must say what
  /// becomes of the reservation.
  UNKNOWN;

  /// A new state does not compile until it has its row here.
  public Set<RefundState> next() {
    return switch (this) {
      case STORED -> Set.of(ACCEPTED, SUCCESS, FAILED, REFUSED, ABNORMAL, UNKNOWN);
      case ACCEPTED -> Set.of(SUCCESS, FAILED, ABNORMAL, UNKNOWN);
      case UNKNOWN -> Set.of(ACCEPTED, SUCCESS, FAILED);
      case ABNORMAL -> Set.of(SUCCESS, FAILED);
      case REFUSED -> Set.of(STORED);
      case SUCCESS, FAILED -> Set.of();
    };
  }

  /// Whether nothing more comes of it by itself.
  public boolean isFinal() {
    return this == SUCCESS || this == FAILED || this == REFUSED;
  }

  /// Whether a person may say what became of it.
  public boolean isForPeople() {
    return this == UNKNOWN || this == ABNORMAL;
  }

  /// The wire's number: WxpayRefundOrderState or AlipayRefundOrderState. Source: `cloudpay.md`
  /// section 4.10, `channels.md` sections 6.3, 6.4.
  public int number(PayPlatform platform) {
    return switch (platform) {
      case WECHAT ->
          switch (this) {
            case STORED -> 1;
            case SUCCESS -> 2;
            case FAILED, REFUSED -> 3;
            case ACCEPTED -> 4;
            case ABNORMAL -> 5;
            case UNKNOWN -> 6;
          };
      case ALIPAY ->
          switch (this) {
            case STORED -> 1;
            case SUCCESS -> 2;
            case FAILED, REFUSED -> 3;
            case ACCEPTED, ABNORMAL -> 4;
            case UNKNOWN -> 5;
          };
    };
  }

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static RefundState parse(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
