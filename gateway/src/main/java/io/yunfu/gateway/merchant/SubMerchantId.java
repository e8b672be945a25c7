package io.yunfu.gateway.merchant;

/// The id of a sub-merchant's public account, `out_sub_mch_id`. 1 to 32 characters of printable
/// ASCII, so that a merchant that moves here keeps its own (OP-33).
public record SubMerchantId(String value) {
  public SubMerchantId {
    PublicIds.check(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
