package io.yunfu.db;

import io.yunfu.kernel.CellId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// A [Lane] for each cell that this node serves, with the same bounds and the same batch.
public final class CellLanes<C, R> implements AutoCloseable {
  private final Map<CellId, Lane<C, R>> lanes = new LinkedHashMap<>();

  /// Finds somebody who hears a lane.
  @FunctionalInterface
  public interface Listeners {
    Listeners NONE = (lane, depth) -> LaneListener.NONE;

    /// Asked once for each lane.
    ///
    /// @param depth commands that wait at the moment it is called
    LaneListener of(String lane, DoubleSupplier depth);
  }

  /// Opens a lane for every cell.
  ///
  /// @param bounds of each; its name is theirs, with the cell's behind it
  public CellLanes(
      Collection<Cell> cells, LaneSettings bounds, Batch<C, R> batch, Listeners listeners) {
    for (Cell cell : cells) {
      var own = bounds.of(cell.id());
      var listener = listeners.of(own.name(), () -> depth(cell.id()));
      lanes.put(cell.id(), new Lane<>(cell.database(), own, batch, listener));
    }
  }

  /// The lane of a cell.
  ///
  /// @throws IllegalArgumentException for a cell that this node does not serve
  public Lane<C, R> of(CellId cell) {
    return Optional.ofNullable(lanes.get(cell))
        .orElseThrow(() -> new IllegalArgumentException("this node does not serve " + cell));
  }

  /// Takes no more commands and finishes those that were admitted.
  @Override
  public void close() {
    lanes.values().forEach(Lane::close);
  }

  /// A listener may ask before its lane is there.
  private int depth(CellId cell) {
    var lane = lanes.get(cell);
    return lane == null ? 0 : lane.depth();
  }
}
