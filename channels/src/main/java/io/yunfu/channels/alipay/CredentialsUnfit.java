package io.yunfu.channels.alipay;

/// An account's keys or certificates cannot be used; a person has to put that right.
final class CredentialsUnfit extends Exception {
  private static final long serialVersionUID = 1L;

  private final String why;

  /// @param why for the operator; shows no key
  CredentialsUnfit(String why) {
    super(why);
    this.why = why;
  }

  String why() {
    return why;
  }
}
