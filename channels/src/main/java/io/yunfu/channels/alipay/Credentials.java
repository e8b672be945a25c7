package io.yunfu.channels.alipay;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.AlipayTrust;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An account's keys, read and checked. Made anew for each call, so that nobody has to forget one:
/// reading them costs less than the signature.
///
/// @param trust what Alipay's signatures are held against
record Credentials(RSAPrivateKey privateKey, Trust trust) {

  /// What Alipay's signatures are held against.
  sealed interface Trust {
    /// Public key mode.
    record Key(RSAPublicKey key) implements Trust {}

    /// Certificate mode.
    ///
    /// @param applicationNumber `app_cert_sn`
    /// @param rootNumbers `alipay_root_cert_sn`
    /// @param byNumber Alipay's keys by `alipay_cert_sn`
    record Certified(
        String applicationNumber, String rootNumbers, Map<String, RSAPublicKey> byNumber)
        implements Trust {}
  }

  static Credentials of(ChannelAccount.Alipay account, Instant now) throws CredentialsUnfit {
    RSAPrivateKey privateKey = Rsa2.privateKey(account.privateKey());
    Trust trust =
        switch (account.trust()) {
          case AlipayTrust.PublicKey(String key) -> new Trust.Key(Rsa2.publicKey(key));
          case AlipayTrust.Certificates certificates -> certified(certificates, privateKey, now);
        };
    needForeignKeys(privateKey, trust);
    return new Credentials(privateKey, trust);
  }

  /// What is wrong with an account's keys, if anything; shows none.
  static Optional<String> objection(ChannelAccount.Alipay account, Instant now) {
    try {
      of(account, now);
      return Optional.empty();
    } catch (CredentialsUnfit e) {
      return Optional.of(e.why());
    }
  }

  String sign(byte[] text) {
    return Rsa2.sign(text, privateKey);
  }

  /// Whether Alipay has signed a text.
  ///
  /// @param certificateNumber `alipay_cert_sn`, which selects the certificate. A message without it
  ///   (notices have none) may be signed with any that we trust.
  boolean verifies(byte[] text, String sign, Optional<String> certificateNumber) {
    return switch (trust) {
      case Trust.Key(RSAPublicKey key) -> Rsa2.verifies(text, sign, key);
      case Trust.Certified(_, _, var byNumber) ->
          certificateNumber
              .map(number -> byNumber.containsKey(number) ? List.of(byNumber.get(number)) : NONE)
              .orElseGet(() -> List.copyOf(byNumber.values()))
              .stream()
              .anyMatch(key -> Rsa2.verifies(text, sign, key));
    };
  }

  private static final List<RSAPublicKey> NONE = List.of();

  private static Trust certified(
      AlipayTrust.Certificates certificates, RSAPrivateKey privateKey, Instant now)
      throws CredentialsUnfit {
    String whose = "the application's certificate";
    X509Certificate application = Certificates.chain(whose, certificates.application()).getFirst();
    if (!Certificates.key(whose, application).getModulus().equals(privateKey.getModulus())) {
      throw new CredentialsUnfit(whose + " is for another key than the private key");
    }
    List<X509Certificate> roots = Certificates.roots(certificates.roots());
    Map<String, RSAPublicKey> byNumber = new HashMap<>();
    for (String pem : certificates.alipay()) {
      List<X509Certificate> chain = Certificates.chain("Alipay's certificate", pem);
      // While certificates change, the old one may run out beside the new one.
      if (!Certificates.isExpired(chain.getFirst(), now)) {
        Certificates.needTrust("Alipay's certificate", chain, roots, now);
        byNumber.put(
            Certificates.number(chain.getFirst()),
            Certificates.key("Alipay's certificate", chain.getFirst()));
      }
    }
    if (byNumber.isEmpty()) {
      throw new CredentialsUnfit("Alipay's certificate has expired");
    }
    return new Trust.Certified(
        Certificates.number(application), Certificates.numbers(roots), Map.copyOf(byNumber));
  }

  /// The console shows both public keys side by side, and they get confused. With ours in the place
  /// of Alipay's, no answer would verify, and whatever we sign could be given back to us as an
  /// answer.
  private static void needForeignKeys(RSAPrivateKey privateKey, Trust trust)
      throws CredentialsUnfit {
    boolean ours =
        switch (trust) {
          case Trust.Key(RSAPublicKey key) -> key.getModulus().equals(privateKey.getModulus());
          case Trust.Certified(_, _, var byNumber) ->
              byNumber.values().stream()
                  .anyMatch(key -> key.getModulus().equals(privateKey.getModulus()));
        };
    if (ours) {
      throw new CredentialsUnfit("the application's own key stands where Alipay's key belongs");
    }
  }
}
