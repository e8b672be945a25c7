package io.yunfu.gateway.channel;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// In whose name a channel is asked: the provider's credentials and the sub-merchant's numbers.
/// Holds secrets, which never print.
public sealed interface ChannelAccount {
  PayPlatform platform();

  /// What the channel knows it by, for records: numbers and app ids, nothing secret.
  String named();

  /// WeChat Pay v2, service-provider mode (`channels.md` section 2).
  ///
  /// @param merchantNumber the provider's `mch_id`
  /// @param appId the provider's official account
  /// @param subMerchantNumber `sub_mch_id`
  /// @param subAppId the sub-merchant's official account
  /// @param apiKey the provider's API v2 key, 32 characters: what is signed is signed with it
  /// @param oldKey the one before it, which verifies for a while and never signs; see [#keysAt]
  /// @param signType what new requests are signed with; an order keeps what it began with
  /// @param certificate the client certificate that refunds need
  record Wechat(
      String merchantNumber,
      String appId,
      String subMerchantNumber,
      Optional<String> subAppId,
      Secret apiKey,
      Optional<OldKey> oldKey,
      SignType signType,
      Optional<ClientCertificate> certificate)
      implements ChannelAccount {
    @Override
    public PayPlatform platform() {
      return PayPlatform.WECHAT;
    }

    @Override
    public String named() {
      return merchantNumber + "/" + subMerchantNumber + "/" + appId;
    }

    /// The keys that answers and notices may be signed with at an instant, the newest first: two
    /// while one takes the other's place.
    public List<Secret> keysAt(Instant at) {
      return Stream.concat(
              Stream.of(apiKey), oldKey.filter(old -> old.countsAt(at)).map(OldKey::key).stream())
          .toList();
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

    @Override
    public String named() {
      return sellerId.map(seller -> appId + "/" + seller).orElse(appId);
    }
  }

  /// An API v2 key that another one has taken the place of. What WeChat Pay had signed before the
  /// change, or signs before it knows of it, still counts. Source: `channels.md` section 11, O-12.
  ///
  /// @param until from then on it is refused
  record OldKey(Secret key, Instant until) {
    public boolean countsAt(Instant at) {
      return at.isBefore(until);
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
