package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import java.time.Instant;

/// One call to an HTTP provider, for the record: table `delivery_attempt`.
///
/// @param number counts from 1 within one stay in the queue; a redelivery begins again
public record Attempt(
    DealId deal, int number, Instant startedAt, Instant endedAt, Outcome outcome, String detail) {

  /// How a call ended. Of the answers "accepted" only the first is recorded.
  public enum Outcome {
    DELIVERED("delivered"),
    ACCEPTED("accepted"),
    REFUSED("refused"),
    /// No definite answer: it may have delivered, so it is asked again.
    UNKNOWN("unknown");

    private final String code;

    Outcome(String code) {
      this.code = code;
    }

    /// As stored and as the operator reads it.
    public String code() {
      return code;
    }

    static Outcome parse(String code) {
      for (Outcome outcome : values()) {
        if (outcome.code.equals(code)) {
          return outcome;
        }
      }
      throw new IllegalArgumentException("no outcome of a delivery attempt: " + code);
    }
  }
}
