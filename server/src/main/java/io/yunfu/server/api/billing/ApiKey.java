package io.yunfu.server.api.billing;

import io.yunfu.billing.account.Caller;
import io.yunfu.wire.tc3.Secret;
import java.time.Instant;
import java.util.Optional;

/// A key pair that may be used: what a SecretId leads to.
///
/// @param secret one object for as long as the key is cached, since it remembers a derived key
/// @param token of temporary keys
public record ApiKey(Secret secret, Caller caller, Optional<Token> token) {

  /// What has to come along with a temporary key.
  ///
  /// @param sha256 of the token's UTF-8 bytes
  /// @param expiresAt from then on the key is of no use
  @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
  public record Token(byte[] sha256, Instant expiresAt) {}
}
