package io.yunfu.gateway.merchant;

import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.PayPlatform;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a channel knows a merchant by, as the operator sees it: of what is secret only what tells
/// it from others.
///
/// @param merchantNumber at WeChat Pay
/// @param appIds official accounts at WeChat Pay, or the application at Alipay
/// @param isComplete of a sub-merchant: whether its provider's part is there too, so that it can be
///   paid over this channel
/// @param oldKeyUntil of a provider at WeChat Pay: until when the API v2 key before the present one
///   still verifies; empty when none does
public record KnownAccount(
    PayPlatform platform,
    Optional<String> merchantNumber,
    List<String> appIds,
    Optional<SignType> signType,
    Optional<String> sellerId,
    Optional<String> serviceProviderId,
    List<Print> prints,
    Optional<Boolean> isComplete,
    Optional<Instant> oldKeyUntil,
    Instant changedAt) {
  public KnownAccount {
    appIds = List.copyOf(appIds);
    prints = List.copyOf(prints);
  }

  /// What tells one key or certificate from another.
  ///
  /// @param name of the field that it was given in
  /// @param sha256 in hex: of a certificate or a public key all 64 digits of its encoded form; of a
  ///   shared secret the first 16 digits
  /// @param subject of a certificate
  /// @param expiresAt of a certificate
  public record Print(
      String name, String sha256, Optional<String> subject, Optional<Instant> expiresAt) {}
}
