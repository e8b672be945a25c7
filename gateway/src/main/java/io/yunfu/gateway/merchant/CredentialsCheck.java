package io.yunfu.gateway.merchant;

import io.yunfu.gateway.channel.ChannelAccount.AlipayTrust;
import java.util.Optional;

/// Whether credentials can be used at all: better found out when they are set than at 3 a.m.
final class CredentialsCheck {
  /// Source: `channels.md` section 2.1.
  private static final int WECHAT_KEY = 32;

  private CredentialsCheck() {}

  static Optional<MerchantRefused.CredentialsUnusable> of(ChannelCredentials credentials) {
    return switch (credentials) {
      case ChannelCredentials.WechatProvider wechat ->
          wechat.apiKey().reveal().length() != WECHAT_KEY
              ? unusable("apiKey", "is no API v2 key: these have 32 characters")
              : wechat
                  .certificate()
                  .filter(certificate -> KeyFiles.open(certificate).isEmpty())
                  .flatMap(_ ->
                      unusable(
                          "certificate",
                          "does not open with its password, or holds no private key with its"
                              + " certificate"));
      case ChannelCredentials.AlipayProvider alipay -> alipay(alipay);
      case ChannelCredentials.WechatSubMerchant _ -> Optional.empty();
      case ChannelCredentials.AlipaySubMerchant _ -> Optional.empty();
    };
  }

  private static Optional<MerchantRefused.CredentialsUnusable> alipay(
      ChannelCredentials.AlipayProvider alipay) {
    var key = KeyFiles.privateKey(alipay.privateKey().reveal());
    if (key.isEmpty()) {
      return unusable("privateKey", "is no RSA private key in PKCS#8");
    }
    return switch (alipay.trust()) {
      case AlipayTrust.PublicKey(String text) ->
          KeyFiles.publicKey(text).isEmpty()
              ? unusable("alipayPublicKey", "is no RSA public key in X.509")
              : KeyFiles.belongTogether(key.get(), KeyFiles.publicKey(text).get())
                  ? unusable("alipayPublicKey", "is the application's own, not Alipay's")
                  : Optional.empty();
      case AlipayTrust.Certificates(var application, var certificates, var roots) -> {
        var own = KeyFiles.certificates(application);
        if (own.isEmpty()) {
          yield unusable("applicationCertificate", "is no certificate in PEM");
        }
        if (!KeyFiles.belongTogether(key.get(), own.getFirst().getPublicKey())) {
          yield unusable("applicationCertificate", "does not belong to privateKey");
        }
        if (certificates.stream().anyMatch(one -> KeyFiles.certificates(one).isEmpty())) {
          yield unusable("alipayCertificates", "are not all certificates in PEM");
        }
        yield KeyFiles.certificates(roots).isEmpty()
            ? unusable("rootCertificates", "are no certificates in PEM")
            : Optional.empty();
      }
    };
  }

  private static Optional<MerchantRefused.CredentialsUnusable> unusable(String field, String why) {
    return Optional.of(new MerchantRefused.CredentialsUnusable(field, why));
  }
}
