package io.yunfu.gateway.channel;

import java.util.Optional;

/// The channels that can be paid over. The numbers are the wire's: `PayPlatform`, `cloudpay.md`
/// section 4.3.
public enum PayPlatform {
  WECHAT(1),
  ALIPAY(2);

  private final int number;

  PayPlatform(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  public static Optional<PayPlatform> of(long number) {
    for (PayPlatform platform : values()) {
      if (platform.number == number) {
        return Optional.of(platform);
      }
    }
    return Optional.empty();
  }
}
