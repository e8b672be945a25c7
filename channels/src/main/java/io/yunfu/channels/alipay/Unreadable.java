package io.yunfu.channels.alipay;

/// What came is not what the documentation describes, not signed by Alipay, or not about our
/// question: nothing is concluded from it. Caught where an answer or a notice is read, and nowhere
/// else.
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String why;

  /// @param why for the operator; names fields, never shows their values
  Unreadable(String why) {
    this("UNREADABLE", why);
  }

  private Unreadable(String code, String why) {
    super(why, null, false, false);
    this.code = code;
    this.why = why;
  }

  static Unreadable notVerified(String why) {
    return new Unreadable("NOT_VERIFIED", why);
  }

  static Unreadable aboutAnother(String field) {
    return new Unreadable("ABOUT_ANOTHER", "the answer's " + field + " is not ours");
  }

  /// Ours, for [io.yunfu.gateway.channel.Answer.Unknown].
  String code() {
    return code;
  }

  String why() {
    return why;
  }
}
