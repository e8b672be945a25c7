package io.yunfu.wire.cpay;

/// How a call went, not how the order stands. A client takes any other value for a failure, so
/// there are no new ones. Source: `cloudpay.md` sections 1.7 and 4.1.
public enum Status {
  SUCCESS(0, true),
  /// Unknown, and nothing was sent to a channel: repeat the same request.
  UNKNOWN_UNSIGNED(3, false),
  /// Failed: the message itself is wrong, so nobody knows whose key would sign.
  INVALID(101, false),
  /// Failed: needs a new number.
  NEEDS_NEW_NUMBER(102, true),
  /// Unknown: repeat the same request after 3 s, or query.
  UNKNOWN(103, true),
  /// Failed: act on the description.
  FAILED(104, true);

  private final int number;
  private final boolean signed;

  Status(int number, boolean signed) {
    this.number = number;
    this.signed = signed;
  }

  public int number() {
    return number;
  }

  /// Whether the answer carries `authen_info`, and with it a payload.
  public boolean isSigned() {
    return signed;
  }
}
