package io.yunfu.wire.tc3;

import org.jspecify.annotations.Nullable;

/// Who a request claims to come from, well-formed but not verified yet.
public sealed interface Credentials {
  /// A signature of either version.
  sealed interface Signed extends Credentials permits SignatureV3, SignatureV1 {
    String secretId();

    /// Whether one of the candidates for what the client signed gives its signature. Constant time
    /// for each candidate.
    boolean isSignedWith(Secret secret, PublicHosts hosts, @Nullable String forwardedHost);

    /// Step 10 of the check order.
    ///
    /// @param forwardedHost `X-Forwarded-Host`, only from a trusted proxy
    default void requireSignedWith(
        Secret secret, PublicHosts hosts, @Nullable String forwardedHost) {
      if (!isSignedWith(secret, hosts, forwardedHost)) {
        throw CommonErrors.SIGNATURE_FAILURE.refused();
      }
    }
  }

  /// `Authorization: SKIP`, which SDKs send when their user asks for an unsigned call. Whoever does
  /// not offer anonymous calls answers with [CommonErrors#INVALID_AUTHORIZATION].
  record Skipped() implements Credentials {}
}
