package io.yunfu.billing.account;

import io.yunfu.kernel.Currency;

/// The edition of an owner account. It is a property of the account, never of the host or SDK a
/// call came by (`billing.md` section 2.1).
public enum Edition {
  CHINA("china", Currency.CNY),
  INTL("intl", Currency.USD);

  private final String code;
  private final Currency currency;

  Edition(String code, Currency currency) {
    this.code = code;
    this.currency = currency;
  }

  /// As stored and as the operator writes it.
  public String code() {
    return code;
  }

  public Currency currency() {
    return currency;
  }

  /// Reads back the code.
  ///
  /// @throws IllegalArgumentException for any other text
  public static Edition parse(String code) {
    for (Edition edition : values()) {
      if (edition.code.equals(code)) {
        return edition;
      }
    }
    throw new IllegalArgumentException("no edition: " + code);
  }
}
