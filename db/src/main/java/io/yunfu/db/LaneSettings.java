package io.yunfu.db;

import static io.yunfu.kernel.Check.require;

/// The bounds of a [Lane].
///
/// @param name of its threads and its log lines
/// @param batch commands in one transaction at most
/// @param queue commands that wait at most; past it they are refused at once
public record LaneSettings(String name, int batch, int queue) {
  public static final int DEFAULT_BATCH = 256;
  public static final int DEFAULT_QUEUE = 4096;

  public LaneSettings {
    require(!name.isBlank(), "a lane has a name");
    require(batch >= 1, "a batch has one command at least, not %d", batch);
    require(queue >= 1, "a queue has one place at least, not %d", queue);
  }

  public static LaneSettings of(String name) {
    return new LaneSettings(name, DEFAULT_BATCH, DEFAULT_QUEUE);
  }

  /// The same for one lane of several.
  LaneSettings named(String which) {
    return new LaneSettings(name + "-" + which, batch, queue);
  }
}
