package io.yunfu.billing.deal;

import static io.yunfu.kernel.Check.require;

/// A big deal: one purchase, holding one or more deals. On the wire: `BigDealId`.
public record BigDealId(String value) implements Comparable<BigDealId> {
  public BigDealId {
    require(Ids.wellFormed(value), "not a big deal id: %s", value);
  }

  @Override
  public int compareTo(BigDealId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
