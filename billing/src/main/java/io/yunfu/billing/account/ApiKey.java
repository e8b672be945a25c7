package io.yunfu.billing.account;

import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.Optional;

/// A key pair that signs API calls, without its secret half.
///
/// @param user the owner itself or one of its sub-users
/// @param expiresAt of a temporary key, which needs its token with every call
public record ApiKey(
    String secretId,
    Uin user,
    Uin owner,
    String remark,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> disabledAt) {

  /// A key that was just made. This is the only time that its secrets are to be had.
  ///
  /// @param token of a temporary key
  public record Made(ApiKey key, String secretKey, Optional<String> token) {
    @Override
    public String toString() {
      return "Made[" + key + ", secrets hidden]";
    }
  }
}
