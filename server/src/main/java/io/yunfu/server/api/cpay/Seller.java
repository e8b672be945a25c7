package io.yunfu.server.api.cpay;

import io.yunfu.wire.cpay.AuthenKey;
import io.yunfu.wire.cpay.MerchantIds;
import io.yunfu.wire.cpay.OrderClient;
import io.yunfu.wire.cpay.RsaKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The sub-merchant whose key a request names, as the pipeline needs it.
interface Seller {
  /// Its public id, for the log.
  String id();

  /// What requests may be signed with at an instant, the newest first: two while one replaces the
  /// other.
  List<AuthenKey> keys(Instant at);

  /// Its public key for refunds, where it has registered one.
  Optional<RsaKey> rsaKey();

  /// Whether its refunds have to be signed with that key.
  boolean refundsNeedRsa();

  /// Whether it and its provider may make new orders.
  boolean isEnabled();

  /// Whether these are its provider, itself and a shop of its own.
  boolean owns(MerchantIds ids);

  /// Whether this shop of its own may make new orders.
  boolean sellsIn(String outShopId);

  /// Which field of a call's terminal names a device or somebody that the shop does not have; empty
  /// where that is not checked. Source: `cloudpay.md` section 6.3.
  Optional<String> unknownTerminal(String outShopId, OrderClient client);

  /// Whether a new number begins with one of its prefixes and goes on after it.
  boolean hasPrefixOf(String number);
}
