package io.yunfu.db;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.CellId;

/// The bounds of a [Lane].
///
/// @param name of its threads and its log lines
/// @param workers threads that run batches; each has one transaction at a time
/// @param batch commands in one transaction at most
/// @param queue commands that wait at most; past it they are refused at once
public record LaneSettings(String name, int workers, int batch, int queue) {
  public static final int DEFAULT_WORKERS = 1;
  public static final int DEFAULT_BATCH = 256;
  public static final int DEFAULT_QUEUE = 4096;

  public LaneSettings {
    require(!name.isBlank(), "a lane has a name");
    require(workers >= 1, "a lane has one worker at least, not %d", workers);
    require(batch >= 1, "a batch has one command at least, not %d", batch);
    require(queue >= 1, "a queue has one place at least, not %d", queue);
  }

  public static LaneSettings of(String name) {
    return new LaneSettings(name, DEFAULT_WORKERS, DEFAULT_BATCH, DEFAULT_QUEUE);
  }

  /// The same for the lane of a cell.
  LaneSettings of(CellId cell) {
    return new LaneSettings(name + "-" + cell, workers, batch, queue);
  }
}
