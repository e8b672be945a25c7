package io.yunfu.billing.deal;

import static io.yunfu.kernel.Check.require;

/// A deal: one product line, paid, delivered and refunded as one. On the wire: `OrderId`. Opaque;
/// the ones made here have 23 digits, imported ones keep their form.
public record DealId(String value) implements Comparable<DealId> {
  public DealId {
    require(Ids.wellFormed(value), "not a deal id: %s", value);
  }

  @Override
  public int compareTo(DealId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
