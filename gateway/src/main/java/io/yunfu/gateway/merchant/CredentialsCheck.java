package io.yunfu.gateway.merchant;

import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
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
              ? unusable("apiKey", "an API v2 key has 32 characters")
              : wechat.certificate().flatMap(CredentialsCheck::certificate);
      case ChannelCredentials.AlipayProvider alipay ->
          isPrivateKey(alipay.privateKey().reveal())
              ? Optional.empty()
              : unusable("privateKey", "is no RSA private key in PKCS#8");
      case ChannelCredentials.WechatSubMerchant wechat -> Optional.empty();
      case ChannelCredentials.AlipaySubMerchant alipay -> Optional.empty();
    };
  }

  private static Optional<MerchantRefused.CredentialsUnusable> certificate(
      ClientCertificate certificate) {
    char[] password = certificate.password().reveal().toCharArray();
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(certificate.pkcs12().reveal());
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), password);
      var names = store.aliases();
      while (names.hasMoreElements()) {
        if (store.getKey(names.nextElement(), password) != null) {
          return Optional.empty();
        }
      }
      return unusable("certificate", "holds no private key");
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      return unusable("certificate", "does not open with its password");
    }
  }

  private static boolean isPrivateKey(String text) {
    String base64 = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    try {
      KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
      return true;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static Optional<MerchantRefused.CredentialsUnusable> unusable(String field, String why) {
    return Optional.of(new MerchantRefused.CredentialsUnusable(field, why));
  }
}
