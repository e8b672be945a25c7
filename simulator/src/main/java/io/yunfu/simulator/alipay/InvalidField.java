package io.yunfu.simulator.alipay;

/// A field of `biz_content` that cannot be used. Thrown by its reader, and answered as
/// `ACQ.INVALID_PARAMETER` in the one place where calls are dispatched.
final class InvalidField extends RuntimeException {
  private static final long serialVersionUID = 1;

  InvalidField(String field, String expected) {
    super(field + " " + expected);
  }
}
