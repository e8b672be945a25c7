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
