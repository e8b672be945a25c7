package io.yunfu.wire.tc3;

/// Counts the values of one request while it is decoded, and stops at the bound: what comes after
/// is not even looked at.
final class ValueCount {
  static final ErrorTemplate NOT_TEXT =
      CommonErrors.INVALID_PARAMETER.saying(
          "Parameter `{0}` holds characters that are not allowed.", "参数 `{0}` 含有不允许的字符。");

  static final ErrorTemplate DUPLICATE =
      CommonErrors.INVALID_PARAMETER.saying(
          "Parameter `{0}` is given more than once.", "参数 `{0}` 重复。");

  private static final ErrorTemplate TOO_MANY =
      CommonErrors.INVALID_PARAMETER.saying(
          "The request holds more than `{0}` values.", "请求中的参数值超过 `{0}` 个。");

  private final int max;
  private int seen;

  ValueCount(Limits limits) {
    this.max = limits.values();
  }

  void one() {
    if (++seen > max) {
      throw TOO_MANY.refused(max);
    }
  }
}
