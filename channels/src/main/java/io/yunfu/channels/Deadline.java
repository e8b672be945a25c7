package io.yunfu.channels;

import java.time.Duration;

/// Until when one call to a channel must be decided: pauses, repetitions and the other host
/// included. Runs on the machine's steady clock, which nobody sets back.
public final class Deadline {
  private final long began = System.nanoTime();
  private final long whole;

  private Deadline(Duration whole) {
    this.whole = whole.toNanos();
  }

  public static Deadline in(Duration whole) {
    return new Deadline(whole);
  }

  /// What is left; zero once it is over.
  public Duration left() {
    return Duration.ofNanos(Math.max(0, began + whole - System.nanoTime()));
  }

  public boolean isOver() {
    return left().isZero();
  }

  /// Since it began, for the record.
  public Duration spent() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
