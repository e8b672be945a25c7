package io.yunfu.wire.tc3;

import org.jspecify.annotations.Nullable;

/// Where a value stands in a request: `OrderIds.0`, `Filters.2.Name`. Written out only when an
/// error names it; on the way of a good request it is two words of memory per level.
record Path(@Nullable Path parent, String name, int index) {
  static final Path ROOT = new Path(null, "", -1);

  Path field(String field) {
    return new Path(this, field, -1);
  }

  Path item(int item) {
    return new Path(this, "", item);
  }

  @Override
  public String toString() {
    String last = index < 0 ? name : Integer.toString(index);
    return parent == null || parent.equals(ROOT) ? last : parent + "." + last;
  }
}
