package io.yunfu.simulator.notice;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A notice and its deliveries so far. Changed by [Notices] only.
public final class Notice {
  /// Where it stands.
  public enum State {
    /// Due at a time.
    WAITING,
    /// Kept back by a fault.
    HELD,
    DELIVERED,
    /// Not acknowledged by the end of its schedule.
    DEAD
  }

  private final String id;
  private final Instant created;
  private final Draft draft;
  private final List<Attempt> attempts = new ArrayList<>();
  private State state = State.WAITING;
  private @Nullable Instant next;
  private int retries;
  private int dropsLeft;

  Notice(String id, Instant created, Draft draft) {
    this.id = id;
    this.created = created;
    this.draft = draft;
  }

  public String id() {
    return id;
  }

  public Instant created() {
    return created;
  }

  public Draft draft() {
    return draft;
  }

  public synchronized State state() {
    return state;
  }

  /// When it is delivered next.
  public synchronized Optional<Instant> next() {
    return Optional.ofNullable(next);
  }

  public synchronized List<Attempt> attempts() {
    return List.copyOf(attempts);
  }

  synchronized void plan(Instant due) {
    state = State.WAITING;
    next = due;
  }

  synchronized void hold() {
    state = State.HELD;
    next = null;
  }

  synchronized void end(State end) {
    state = end;
    next = null;
  }

  synchronized void record(Attempt attempt) {
    attempts.add(attempt);
  }

  /// Which of the retries the next one is, from 0.
  synchronized int takeRetry() {
    return retries++;
  }

  synchronized int deliveries() {
    return attempts.size();
  }

  synchronized void drops(int count) {
    dropsLeft = count;
  }

  /// Whether this delivery is lost on its way.
  synchronized boolean drop() {
    if (dropsLeft == 0) {
      return false;
    }
    dropsLeft--;
    return true;
  }
}
