package io.yunfu.billing.delivery;

import java.time.Instant;

/// How many calls one provider may get now: its share of slots, or fewer while it does not answer.
/// Each provider has a gate of its own, so a dead one takes nothing from the others.
///
/// The circuit: after some calls in a row without a definite answer the gate shuts for a pause,
/// then lets one call through at a time, with longer and longer pauses, until one is answered.
/// Deals wait meanwhile; it costs them no attempts. Belongs to the worker's thread.
final class ProviderGate {
  private final int slots;
  private final int opensAfter;
  private final Backoff pauses;
  private int running;
  private int failures;
  private int shut;
  private Instant shutUntil = Instant.MIN;

  ProviderGate(int slots, int opensAfter, Backoff pauses) {
    this.slots = slots;
    this.opensAfter = opensAfter;
    this.pauses = pauses;
  }

  int room(Instant now) {
    if (!isDead()) {
      return slots - running;
    }
    return now.isBefore(shutUntil) || running > 0 ? 0 : 1;
  }

  int running() {
    return running;
  }

  /// Whether the circuit is open.
  boolean isDead() {
    return shut > 0;
  }

  void began() {
    running++;
  }

  /// A call has ended.
  ///
  /// @param answered whether there was a definite answer
  void ended(boolean answered, Instant now) {
    running--;
    if (answered) {
      failures = 0;
      shut = 0;
      return;
    }
    failures++;
    // Calls that were under way when it shut say nothing new.
    if (failures >= opensAfter && !now.isBefore(shutUntil)) {
      shut++;
      shutUntil = now.plus(pauses.after(shut));
    }
  }

  /// A call has ended for reasons of our own.
  void abandoned() {
    running--;
  }
}
