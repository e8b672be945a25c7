package io.yunfu.db;

import java.time.Duration;

/// Hears what a [Lane] does: for metrics. Called on the lane's own threads, or on a caller's, so it
/// is quick and throws nothing.
public interface LaneListener {
  LaneListener NONE = new LaneListener() {};

  /// A command was taken out of the queue after this time.
  default void waited(Duration time) {}

  /// A caller has its answer, be it a failure. Called on the caller's own thread, so that it can
  /// count the times to whatever the caller does.
  ///
  /// @param waited in the queue
  /// @param ran from being taken to being answered
  default void answered(Duration waited, Duration ran) {}

  /// A batch is done, and all its callers are answered.
  ///
  /// @param commands how many it held
  /// @param time from taking the commands to answering them
  /// @param retries transactions that it took beyond the first
  default void ran(int commands, Duration time, int retries) {}

  /// A command was refused because the queue is full.
  default void refused() {}

  /// A command was withdrawn by its caller.
  default void withdrawn() {}

  /// A command failed when it ran alone.
  default void poisoned() {}

  /// The outcome of a commit became unknown for so many commands.
  default void unknown(int commands) {}
}
