package io.yunfu.operator;

import static io.yunfu.kernel.Check.require;

/// Who orders a change, and in which request: what the audit log writes down.
///
/// @param name of the admin token that was shown
/// @param requestId finds the log line
public record Operator(String name, String requestId) {
  public Operator {
    require(!name.isBlank(), "an operator has a name");
    require(!requestId.isBlank(), "a change has a request id");
  }

  /// As the books write it: `operator:NAME`, which no uin can be.
  public String actor() {
    return "operator:" + name;
  }
}
