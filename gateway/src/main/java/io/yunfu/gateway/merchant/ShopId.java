package io.yunfu.gateway.merchant;

/// The id of a shop's public account, `out_shop_id`. 1 to 32 characters of printable ASCII, so that
/// a merchant that moves here keeps its own (OP-33).
public record ShopId(String value) {
  public ShopId {
    PublicIds.check(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
