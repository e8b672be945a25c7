package io.yunfu.billing.agentpay;

/// For whom a payment is made: the wire's `AgentPay` (`billing.md` section 2.9).
public enum AgentPay {
  /// The owner pays its own deals.
  SELF(0),
  /// A reseller pays deals of its client. China extension only.
  RESELLER(1),
  /// The group payer pays deals of a member under unified payment.
  GROUP(3),
  /// A reseller pays a deal that it placed for its client.
  RESELLER_ORDER(4);

  private final int code;

  AgentPay(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public boolean isByReseller() {
    return this == RESELLER || this == RESELLER_ORDER;
  }

  /// Reads back the code.
  ///
  /// @throws IllegalArgumentException for a number that is none of the four
  public static AgentPay of(int code) {
    for (AgentPay mode : values()) {
      if (mode.code == code) {
        return mode;
      }
    }
    throw new IllegalArgumentException("no pay mode: " + code);
  }
}
