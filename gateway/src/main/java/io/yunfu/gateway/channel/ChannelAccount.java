package io.yunfu.gateway.channel;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.Secret;
import java.util.List;
import java.util.Optional;

/// In whose name a channel is asked: the provider's credentials and the sub-merchant's numbers.
/// Holds secrets, which never print.
public sealed interface ChannelAccount {
  PayPlatform platform();

  /// WeChat Pay v2, service-provider mode (`channels.md` section 2).
  ///
  /// @param merchantNumber the provider's `mch_id`
  /// @param appId the provider's official account
  /// @param subMerchantNumber `sub_mch_id`
  /// @param subAppId the sub-merchant's official account
  /// @param apiKey the provider's API v2 key, 32 characters
  /// @param signType what new requests are signed with; an order keeps what it began with
  /// @param certificate the client certificate that refunds need
  record Wechat(
      String merchantNumber,
      String appId,
      String subMerchantNumber,
      Optional<String> subAppId,
      Secret apiKey,
      SignType signType,
      Optional<ClientCertificate> certificate)
      implements ChannelAccount {
    @Override
    public PayPlatform platform() {
      return PayPlatform.WECHAT;
    }
  }

  /// Alipay open API with RSA2 (`channels.md` section 4).
  ///
  /// @param appId the provider's application, or the sub-merchant's own
  /// @param privateKey of the application: PKCS#8 in Base64 or PEM
  /// @param trust how Alipay's answers are verified
  /// @param appAuthToken acting for a sub-merchant
  /// @param sellerId the account that must be named in answers and notices
  /// @param serviceProviderId `sys_service_provider_id`, for commission
  record Alipay(
      String appId,
      Secret privateKey,
      AlipayTrust trust,
      Optional<Secret> appAuthToken,
      Optional<String> sellerId,
      Optional<String> serviceProviderId)
      implements ChannelAccount {
    @Override
    public PayPlatform platform() {
      return PayPlatform.ALIPAY;
    }
  }

  /// How a WeChat Pay v2 message is signed. Source: `channels.md` section 2.2.
  enum SignType {
    MD5("MD5"),
    HMAC_SHA256("HMAC-SHA256");

    private final String code;

    SignType(String code) {
      this.code = code;
    }

    /// As `sign_type` spells it.
    public String code() {
      return code;
    }
  }

  /// A client certificate with its key: PKCS#12 in Base64, opened with a password (WeChat Pay: the
  /// merchant number).
  record ClientCertificate(Secret pkcs12, Secret password) {}

  /// What Alipay's signatures are held against.
  sealed interface AlipayTrust {
    /// Public key mode: Alipay's public key, X.509 in Base64 or PEM.
    record PublicKey(String key) implements AlipayTrust {}

    /// Certificate mode, all in PEM: the application's certificate, Alipay's, and its roots.
    record Certificates(String application, List<String> alipay, String roots)
        implements AlipayTrust {
      public Certificates {
        alipay = List.copyOf(alipay);
        require(!alipay.isEmpty(), "certificate mode needs a certificate of Alipay");
      }
    }
  }
}
