package io.yunfu.billing.account;

/// The real-name state of an owner account (`billing.md` sections 2.4 and 4.3). It cannot be
/// withdrawn once complete; an account that was verified under old rules may have to complete its
/// data.
public enum Certification {
  NONE("none"),
  INCOMPLETE("incomplete"),
  COMPLETE("complete"),
  NEED_UPGRADE("need_upgrade");

  private final String code;

  Certification(String code) {
    this.code = code;
  }

  /// As stored and as the operator writes it.
  public String code() {
    return code;
  }

  /// Whether the operator may set the other after this one. What was complete once is either
  /// complete or has to be completed anew; it is never taken back.
  public boolean mayBecome(Certification other) {
    return switch (this) {
      case NONE, INCOMPLETE -> true;
      case COMPLETE, NEED_UPGRADE -> other == COMPLETE || other == NEED_UPGRADE;
    };
  }

  /// Reads back the code.
  ///
  /// @throws IllegalArgumentException for any other text
  public static Certification parse(String code) {
    for (Certification certification : values()) {
      if (certification.code.equals(code)) {
        return certification;
      }
    }
    throw new IllegalArgumentException("no certification: " + code);
  }
}
