package io.yunfu.wire.cpay;

import static io.yunfu.kernel.Check.require;

/// Names a call in the answer and in our log: an unsigned number of 32 bits, never 0. Published
/// samples exceed 2^31 (OP-52).
public record LogId(long value) {
  public static final long LARGEST = 0xFFFF_FFFFL;

  public LogId {
    require(value >= 1 && value <= LARGEST, "log_id %d is not an unsigned number", value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
