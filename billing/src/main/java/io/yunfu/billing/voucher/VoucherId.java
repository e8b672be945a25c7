package io.yunfu.billing.voucher;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.deal.Ids;

/// A voucher. On the wire: `VoucherIds`; the form is that of deal ids.
public record VoucherId(String value) implements Comparable<VoucherId> {
  public VoucherId {
    require(Ids.wellFormed(value), "not a voucher id: %s", value);
  }

  @Override
  public int compareTo(VoucherId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
