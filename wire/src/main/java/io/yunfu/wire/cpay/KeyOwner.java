package io.yunfu.wire.cpay;

/// Whose key a request claims to be signed with, read before anything is verified. Source:
/// `cloudpay.md` section 1.4.
public sealed interface KeyOwner {
  String id();

  record SubMerchant(String id) implements KeyOwner {}

  /// The sub-merchant that this shop belongs to: some calls name only the shop.
  record Shop(String id) implements KeyOwner {}
}
