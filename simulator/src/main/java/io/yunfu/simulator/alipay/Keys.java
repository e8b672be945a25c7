package io.yunfu.simulator.alipay;

import io.yunfu.simulator.http.Authority;
import io.yunfu.simulator.http.Credentials;
import io.yunfu.simulator.seed.Seed;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The keys of applications and of the channel, and the certificates that prove them. They take a
/// moment to make, so they are made when they are first needed; they come from the seed, and stay
/// when the world begins anew.
final class Keys {
  private static final String ROOT = "CN=Yunfu simulator Alipay root, O=Yunfu simulator, C=CN";

  private final Seed seed;
  private final Instant began;
  private final Credentials credentials;
  private final Map<PublicKey, X509Certificate> certificates = new ConcurrentHashMap<>();
  private @Nullable Authority authority;

  /// @param credentials whose authority tells the real time: certificates go by that
  Keys(Seed seed, Credentials credentials) {
    this.seed = seed;
    this.credentials = credentials;
    this.began =
        credentials
            .authority()
            .certificate()
            .getNotBefore()
            .toInstant()
            .plus(Duration.ofDays(1)); // it was dated back
  }

  KeyPair pair(String purpose) {
    return credentials.rsaKeys("alipay/" + purpose);
  }

  X509Certificate certificate(String subject, PublicKey key) {
    return certificates.computeIfAbsent(key, _ -> authority().issue(subject, key));
  }

  X509Certificate root() {
    return authority().certificate();
  }

  private synchronized Authority authority() {
    Authority made = authority;
    if (made == null) {
      made = Authority.createRsa(seed, ROOT, began, credentials.rsaKeys("authority/" + ROOT));
      authority = made;
    }
    return made;
  }
}
