package io.yunfu.simulator.clock;

import java.time.Instant;

/// Something that will happen at its time, unless it is cancelled before.
public final class Timer {
  private final Timeline timeline;
  private final Instant due;
  private final long sequence;
  private final String what;
  private final Runnable action;

  Timer(Timeline timeline, Instant due, long sequence, String what, Runnable action) {
    this.timeline = timeline;
    this.due = due;
    this.sequence = sequence;
    this.what = what;
    this.action = action;
  }

  /// Takes it back. Does nothing when it has happened or was cancelled.
  public void cancel() {
    timeline.cancel(this);
  }

  public Instant due() {
    return due;
  }

  /// For people.
  public String what() {
    return what;
  }

  long sequence() {
    return sequence;
  }

  void happen() {
    action.run();
  }
}
