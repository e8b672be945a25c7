package io.yunfu.ledger;

import io.yunfu.kernel.Uin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Money set aside: held, then either captured or released, once.
///
/// @param endedAt null while it is held
public record Hold(
    long id,
    Uin owner,
    long cents,
    State state,
    String reason,
    String subject,
    Instant createdAt,
    @Nullable Instant endedAt) {
  /// Where a hold stands.
  public enum State {
    HELD("held"),
    CAPTURED("captured"),
    RELEASED("released");

    private final String code;

    State(String code) {
      this.code = code;
    }

    /// As stored and as the operator reads it.
    public String code() {
      return code;
    }

    static State parse(String code) {
      for (State state : values()) {
        if (state.code.equals(code)) {
          return state;
        }
      }
      throw new IllegalArgumentException("no state of a hold: " + code);
    }
  }
}
