package io.yunfu.db;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.CellId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/// The [Lane]s of each cell that this node serves, all with the same bounds and the same batch.
///
/// Commands of one key, such as the account that pays, are always in the same lane, so that lanes
/// seldom wait for each other's rows.
public final class CellLanes<C, R> implements AutoCloseable {
  /// Neighbouring keys come into different lanes.
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final Map<CellId, List<Lane<C, R>>> lanes = new LinkedHashMap<>();

  /// Finds somebody who hears a lane.
  @FunctionalInterface
  public interface Listeners {
    Listeners NONE = (lane, depth) -> LaneListener.NONE;

    /// Asked once for each lane.
    ///
    /// @param depth commands that wait at the moment it is called
    LaneListener of(String lane, DoubleSupplier depth);
  }

  /// Opens the lanes of every cell.
  ///
  /// @param count lanes of each cell
  /// @param bounds of each lane; its name is theirs, with the cell's behind it, and its number when
  ///   there are several
  public CellLanes(
      Collection<Cell> cells,
      int count,
      LaneSettings bounds,
      Batch<C, R> batch,
      Listeners listeners) {
    require(count >= 1, "a cell has one lane at least, not %d", count);
    for (Cell cell : cells) {
      var ofCell = new ArrayList<Lane<C, R>>();
      for (int number = 0; number < count; number++) {
        int which = number;
        var own = bounds.named(count == 1 ? cell.id().toString() : cell.id() + "-" + number);
        var listener = listeners.of(own.name(), () -> depth(cell.id(), which));
        ofCell.add(new Lane<>(cell.database(), own, batch, listener));
      }
      lanes.put(cell.id(), List.copyOf(ofCell));
    }
  }

  /// The lane of a cell where the commands of this key are.
  ///
  /// @throws IllegalArgumentException for a cell that this node does not serve
  public Lane<C, R> of(CellId cell, long key) {
    var ofCell = lanes.getOrDefault(cell, List.of());
    require(!ofCell.isEmpty(), "this node does not serve %s", cell);
    return ofCell.get(Math.floorMod((SPREAD * key) >>> 32, ofCell.size()));
  }

  /// Takes no more commands and finishes those that were admitted.
  @Override
  public void close() {
    lanes.values().forEach(ofCell -> ofCell.forEach(Lane::close));
  }

  /// A listener may ask before its lane is there.
  private int depth(CellId cell, int number) {
    var ofCell = lanes.get(cell);
    return ofCell == null ? 0 : ofCell.get(number).depth();
  }
}
