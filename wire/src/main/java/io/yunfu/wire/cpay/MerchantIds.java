package io.yunfu.wire.cpay;

/// Who sells: provider, sub-merchant and shop, by their public ids. Whether they belong together is
/// not known here.
public record MerchantIds(String outMchId, String outSubMchId, String outShopId) {
  /// Unit: characters.
  static final int LONGEST = 32;

  static MerchantIds of(FieldReader key) {
    return new MerchantIds(
        key.identifier("out_mch_id", LONGEST),
        key.identifier("out_sub_mch_id", LONGEST),
        key.identifier("out_shop_id", LONGEST));
  }

  /// Whether somebody can have this id: 1 to 32 characters of printable ASCII (OP-33).
  static boolean isPossible(String id) {
    return !id.isEmpty()
        && id.length() <= LONGEST
        && id.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
  }
}
