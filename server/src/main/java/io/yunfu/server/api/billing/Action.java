package io.yunfu.server.api.billing;

import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.ErrorTemplate;
import io.yunfu.wire.tc3.ResponseFields;
import java.util.function.Consumer;

/// One action of the API: decodes, asks, encodes, and decides nothing.
interface Action {
  /// As clients write it; case counts.
  String name();

  /// Carries the call out.
  ///
  /// @return what stands in the answer beside the request's id
  /// @throws io.yunfu.wire.tc3.ApiRefused with the code that the client gets instead
  Consumer<ResponseFields> answer(Call call);

  /// Whether its answer tells of a change that has been made. Such an answer is sent whatever its
  /// size: refusing it would tell that nothing has happened.
  default boolean changes() {
    return false;
  }

  /// What it answers when the database had no time for it; nothing has changed then.
  default ErrorTemplate whenBusy() {
    return CommonErrors.SERVICE_UNAVAILABLE;
  }
}
