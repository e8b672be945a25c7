package io.yunfu.wire.cpay;

import java.util.OptionalLong;

/// What a payer pays with, with the sub-platforms that go with it; the first is meant when none is
/// given. Source: `cloudpay.md` sections 4.3 and 4.4.
public enum Platform {
  WECHAT(1, 100, 100),
  ALIPAY(2, 200, 200),
  /// Known, and not served.
  MEMBER_CARD(3, 300, 300),
  /// Known, and not served.
  BOOKKEEPING(4, 401, 402);

  private final int number;
  private final int firstSubPlatform;
  private final int lastSubPlatform;

  Platform(int number, int firstSubPlatform, int lastSubPlatform) {
    this.number = number;
    this.firstSubPlatform = firstSubPlatform;
    this.lastSubPlatform = lastSubPlatform;
  }

  public int number() {
    return number;
  }

  /// Of a call that makes an order: it must be given.
  static Platform of(FieldReader key) {
    int number = key.integer("pay_platform", 1, values().length);
    return values()[number - 1];
  }

  /// @throws CallRefused 101 / 90010 for one that belongs to another platform, or to none
  int subPlatform(FieldReader key) {
    OptionalLong given = key.optionalNumber("sub_pay_platform");
    if (given.isEmpty() || given.getAsLong() == 0) {
      return firstSubPlatform;
    }
    if (given.getAsLong() < firstSubPlatform || given.getAsLong() > lastSubPlatform) {
      throw Results.FIELD_INVALID.refused(key.path("sub_pay_platform"));
    }
    return Math.toIntExact(given.getAsLong());
  }
}
