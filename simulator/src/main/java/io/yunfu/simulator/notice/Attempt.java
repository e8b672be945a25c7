package io.yunfu.simulator.notice;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One delivery of a notice.
///
/// @param n from 1
/// @param planned when it was due
/// @param sent when it began
/// @param status of the answer; null when there was none
/// @param body the beginning of the answer
/// @param verdict `acknowledged`, `refused`, `failed: …` or `dropped`
public record Attempt(
    int n, Instant planned, Instant sent, @Nullable Integer status, String body, String verdict) {
  static final String ACKNOWLEDGED = "acknowledged";
  static final String REFUSED = "refused";
  static final String DROPPED = "dropped";

  boolean succeeded() {
    return verdict.equals(ACKNOWLEDGED);
  }
}
