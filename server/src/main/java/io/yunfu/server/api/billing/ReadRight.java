package io.yunfu.server.api.billing;

import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.ErrorTemplate;

/// The right to read: a sub-user needs a policy that allows `finance:` and the action's name
/// (`billing.md` section 2.8).
///
/// @param error how the action spells its refusal (sections 3.1 to 3.4)
record ReadRight(ErrorTemplate error) {
  /// For actions that list no code of their own.
  static final ReadRight COMMON = new ReadRight(CommonErrors.UNAUTHORIZED_CALL);

  static final ReadRight CAM =
      new ReadRight(
          new ErrorTemplate(
              "UnauthorizedOperation.CamNoAuth",
              CommonErrors.UNAUTHORIZED_CALL.english(),
              CommonErrors.UNAUTHORIZED_CALL.chinese()));

  void require(Call call, String action) {
    if (!call.caller().may("finance:" + action)) {
      throw error.refused(action);
    }
  }
}
