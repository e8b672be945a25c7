package io.yunfu.kernel;

import static io.yunfu.kernel.Check.require;

/// The number of an account: an owner or one of its sub-users. Positive, at most 63 bits.
public record Uin(long value) implements Comparable<Uin> {
  public Uin {
    require(value > 0, "a uin is positive, not %d", value);
  }

  @Override
  public int compareTo(Uin other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
