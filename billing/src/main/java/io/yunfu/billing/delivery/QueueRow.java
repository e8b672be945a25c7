package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One row of the queue: table `delivery`.
///
/// @param provider empty until the deal stands in an HTTP provider's queue
/// @param attempts calls begun
/// @param failures calls without a definite answer since the last definite one
/// @param leasedUntil while running; tells one call from the next one for the same deal
/// @param acceptedAt when the provider first said that it is at work
record QueueRow(
    DealId deal,
    String provider,
    State state,
    int attempts,
    int failures,
    Instant nextAttemptAt,
    @Nullable Instant leasedUntil,
    @Nullable Instant acceptedAt,
    String lastError,
    Instant queuedAt) {

  /// Longer errors say nothing more to a person.
  static final int ERROR_LENGTH = 500;

  enum State {
    QUEUED,
    RUNNING,
    FAILED;

    /// As stored.
    String code() {
      return switch (this) {
        case QUEUED -> "queued";
        case RUNNING -> "running";
        case FAILED -> "failed";
      };
    }

    static State parse(String code) {
      for (State state : values()) {
        if (state.code().equals(code)) {
          return state;
        }
      }
      throw new IllegalArgumentException("no state of a delivery: " + code);
    }
  }

  /// Not handed to any provider yet.
  boolean isFresh() {
    return state == State.QUEUED && provider.isEmpty();
  }

  QueueRow routed(String to, Instant now) {
    return new QueueRow(
        deal, to, State.QUEUED, attempts, failures, now, null, acceptedAt, lastError, queuedAt);
  }

  QueueRow failed(String error, Instant now) {
    return new QueueRow(
        deal,
        provider,
        State.FAILED,
        attempts,
        failures,
        now,
        null,
        acceptedAt,
        cut(error),
        queuedAt);
  }

  /// To be tried again, after a call without a definite answer.
  QueueRow retried(String error, Instant at) {
    return new QueueRow(
        deal,
        provider,
        State.QUEUED,
        attempts,
        failures + 1,
        at,
        null,
        acceptedAt,
        cut(error),
        queuedAt);
  }

  /// To be asked again, while the provider is at work.
  QueueRow accepted(Instant since, Instant askAt) {
    return new QueueRow(
        deal, provider, State.QUEUED, attempts, 0, askAt, null, since, "", queuedAt);
  }

  /// One line that a person reads, whatever a provider has put into it.
  private static String cut(String error) {
    String line = error.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= ERROR_LENGTH ? line : line.substring(0, ERROR_LENGTH);
  }
}
