package io.yunfu.acceptance;

/// The two editions of the API, which are an attribute of the account.
enum Edition {
  CHINA("china", "CNY"),
  INTERNATIONAL("intl", "USD");

  private final String spelling;
  private final String currency;

  Edition(String spelling, String currency) {
    this.spelling = spelling;
    this.currency = currency;
  }

  /// As the operator writes it.
  String spelling() {
    return spelling;
  }

  String currency() {
    return currency;
  }
}
