package io.yunfu.channels;

/// What came is not what the documentation describes, not signed by the channel, or not about our
/// question: nothing is concluded from it. For connectors: caught where an answer or a notice is
/// read, and nowhere else.
public final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String why;

  /// @param why for the operator; names fields, never shows their values
  public Unreadable(String why) {
    this("UNREADABLE", why);
  }

  private Unreadable(String code, String why) {
    super(why, null, false, false);
    this.code = code;
    this.why = why;
  }

  public static Unreadable notVerified(String why) {
    return new Unreadable("NOT_VERIFIED", why);
  }

  /// Refused without a signature, in front of all business: perhaps by somebody else.
  ///
  /// @param code empty when there is none
  /// @param message what the other side says
  public static Unreadable atTheDoor(String code, String message) {
    return new Unreadable(
        "AT_THE_DOOR", "refused without a signature: " + (code + " " + message).strip());
  }

  /// Genuine perhaps, but about somebody or something else.
  ///
  /// @param field whose value is not what we asked for
  public static Unreadable aboutAnother(String field) {
    return new Unreadable("ABOUT_ANOTHER", field + " is not ours");
  }

  /// Ours, for [io.yunfu.gateway.channel.Answer.Unknown].
  public String code() {
    return code;
  }

  public String why() {
    return why;
  }
}
