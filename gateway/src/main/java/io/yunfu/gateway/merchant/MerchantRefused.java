package io.yunfu.gateway.merchant;

/// Why a change of merchants is refused. Nothing has changed then.
public sealed interface MerchantRefused {
  /// Somebody has this public id already.
  record IdTaken(String id) implements MerchantRefused {}

  record NoSuchProvider(ProviderId id) implements MerchantRefused {}

  record NoSuchSubMerchant(SubMerchantId id) implements MerchantRefused {}

  record NoSuchShop(ShopId id) implements MerchantRefused {}

  /// There is no such cell.
  record NoSuchCell(int cell) implements MerchantRefused {}

  /// The credentials cannot be used as they are.
  ///
  /// @param field which of them
  record CredentialsUnusable(String field, String why) implements MerchantRefused {}

  /// A key that is to be imported is what a channel is asked with.
  record KeyIsOfChannel() implements MerchantRefused {}

  /// RSA cannot be demanded of whoever has registered no key.
  record NoRsaKey(SubMerchantId id) implements MerchantRefused {}
}
