package io.yunfu.kernel;

import static io.yunfu.kernel.Check.require;

/// One cell: a schema that holds whole owners with all their rows. Numbers run from 0 to 999, so
/// that three digits of a deal id and ten bits of a row id can carry them.
public record CellId(int value) implements Comparable<CellId> {
  public static final int MAX = 999;

  public CellId {
    require(value >= 0 && value <= MAX, "a cell is 0 to %d, not %d", MAX, value);
  }

  /// The schema of this cell: `cell_0`, `cell_1`, …
  public String schema() {
    return "cell_" + value;
  }

  @Override
  public int compareTo(CellId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return schema();
  }
}
