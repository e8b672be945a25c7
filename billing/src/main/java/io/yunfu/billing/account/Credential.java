package io.yunfu.billing.account;

import java.time.Instant;
import java.util.Optional;

/// What a request is verified with: an API key that this node has looked up, in the clear.
///
/// @param <S> what the protocol makes of the secret key; kept with it, so that derived keys are
///   made once
/// @param enabled false when the key or its sub-user is switched off: as good as unknown
/// @param temporary what a temporary key asks for besides the signature
public record Credential<S>(
    String secretId, S secret, Caller caller, boolean enabled, Optional<Temporary> temporary) {

  /// The token that has to come along, and its end.
  @SuppressWarnings("ArrayRecordComponent") // compared in constant time, not by equals
  public record Temporary(byte[] tokenSha256, Instant expiresAt) {
    @Override
    public String toString() {
      return "Temporary[until " + expiresAt + "]";
    }
  }

  /// Whether the token that came, or did not come, is the right one. Permanent keys need none and
  /// mind none. Constant time.
  public boolean accepts(Optional<String> token, Instant now) {
    return temporary
        .map(needed ->
            token.isPresent()
                && Token.matches(token.get(), needed.tokenSha256())
                && now.isBefore(needed.expiresAt()))
        .orElse(true);
  }

  @Override
  public String toString() {
    return "Credential[" + secretId + "]";
  }
}
