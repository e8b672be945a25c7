package io.yunfu.simulator.wechat;

import java.util.Map;

/// One call of the API. Performed in a step of the timeline.
interface Operation {
  /// What it answers beside the common fields.
  ///
  /// @throws Refused if a rule is against it
  Map<String, String> perform(Caller caller, Parameters parameters);
}
