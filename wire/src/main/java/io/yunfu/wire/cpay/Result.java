package io.yunfu.wire.cpay;

import static io.yunfu.kernel.Check.require;

/// What the head of an answer says. The wire speaks Chinese, as the original does; the English text
/// is for logs and documentation. Made from a [ResultTemplate].
///
/// @param internalStatus callers may ignore it, but for 7 and 407; never negative
public record Result(Status status, int internalStatus, String english, String chinese) {
  public Result {
    require(internalStatus >= 0, "internal_status %d is negative", internalStatus);
  }
}
