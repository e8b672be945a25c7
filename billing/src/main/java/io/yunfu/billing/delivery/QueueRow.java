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
    QueueState state,
    int attempts,
    int failures,
    Instant nextAttemptAt,
    @Nullable Instant leasedUntil,
    @Nullable Instant acceptedAt,
    String lastError,
    Instant queuedAt) {

  /// Longer errors say nothing more to a person.
  static final int ERROR_LENGTH = 500;

  /// Not handed to any provider yet.
  boolean isFresh() {
    return state == QueueState.QUEUED && provider.isEmpty();
  }

  QueueRow routed(String to, Instant now) {
    return new QueueRow(
        deal,
        to,
        QueueState.QUEUED,
        attempts,
        failures,
        now,
        null,
        acceptedAt,
        lastError,
        queuedAt);
  }

  QueueRow failed(String error, Instant now) {
    return new QueueRow(
        deal,
        provider,
        QueueState.FAILED,
        attempts,
        failures,
        now,
        null,
        acceptedAt,
        line(error),
        queuedAt);
  }

  /// To be tried again, after a call without a definite answer.
  QueueRow retried(String error, Instant at) {
    return new QueueRow(
        deal,
        provider,
        QueueState.QUEUED,
        attempts,
        failures + 1,
        at,
        null,
        acceptedAt,
        line(error),
        queuedAt);
  }

  /// To be asked again, while the provider is at work.
  QueueRow accepted(Instant since, Instant askAt) {
    return new QueueRow(
        deal, provider, QueueState.QUEUED, attempts, 0, askAt, null, since, "", queuedAt);
  }

  /// To be tried again at once: the call ended for reasons of our own.
  QueueRow released(Instant now) {
    return new QueueRow(
        deal,
        provider,
        QueueState.QUEUED,
        attempts,
        failures,
        now,
        null,
        acceptedAt,
        lastError,
        queuedAt);
  }

  /// One line that a person reads, whatever a provider has put into it: without anything invisible
  /// and without halves of characters, which no database takes.
  static String line(String error) {
    String line = error.length() <= ERROR_LENGTH ? error : error.substring(0, ERROR_LENGTH);
    return line.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ").strip();
  }
}
