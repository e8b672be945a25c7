package io.yunfu.wire.tc3;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What a call was refused with.
final class Refusals {
  private Refusals() {}

  static ApiError refusalOf(ThrowingCallable call) {
    ApiRefused refused = catchThrowableOfType(ApiRefused.class, call);
    return refused == null ? new ApiError("none", "", "") : refused.error();
  }

  static String codeOf(ThrowingCallable call) {
    return refusalOf(call).code();
  }

  static String messageOf(ThrowingCallable call) {
    return refusalOf(call).english();
  }
}
