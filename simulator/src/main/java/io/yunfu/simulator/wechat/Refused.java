package io.yunfu.simulator.wechat;

/// The channel says no. Thrown by the rules, turned into an answer at one place.
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final String text;
  private final boolean retry;

  private Refused(String code, String text, boolean retry) {
    super(code + ": " + text, null, false, false); // an answer, not a failure: no stack trace
    this.code = code;
    this.text = text;
    this.retry = retry;
  }

  /// With the channel's usual words.
  Refused(String code) {
    this(code, ErrorTexts.of(code), false);
  }

  Refused(String code, String text) {
    this(code, text, false);
  }

  /// A reversal that has to be asked for again.
  static Refused retry(String code) {
    return new Refused(code, ErrorTexts.of(code), true);
  }

  static Refused missing(String field) {
    return new Refused("LACK_PARAMS", "缺少参数: " + field);
  }

  static Refused wrong(String field) {
    return new Refused("PARAM_ERROR", "参数错误: " + field);
  }

  String code() {
    return code;
  }

  String text() {
    return text;
  }

  /// What `recall` says in the answer to a reversal.
  boolean retry() {
    return retry;
  }
}
