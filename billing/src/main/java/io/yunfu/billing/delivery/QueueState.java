package io.yunfu.billing.delivery;

/// Where a deal stands in the queue of deliveries.
public enum QueueState {
  /// Waits: for its first call, for its next one, or for a provider that is paused.
  QUEUED("queued"),
  /// Is being called for.
  RUNNING("running"),
  /// Has failed for good; only a person takes it further.
  FAILED("failed");

  private final String code;

  QueueState(String code) {
    this.code = code;
  }

  /// As stored and as the operator reads it.
  public String code() {
    return code;
  }

  /// Reads back the code.
  ///
  /// @throws IllegalArgumentException for any other text
  public static QueueState parse(String code) {
    for (QueueState state : values()) {
      if (state.code.equals(code)) {
        return state;
      }
    }
    throw new IllegalArgumentException("no state of a delivery: " + code);
  }
}
