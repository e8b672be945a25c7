package io.yunfu.gateway.merchant;

import static io.yunfu.kernel.Check.require;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.AlipayTrust;
import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import io.yunfu.gateway.channel.ChannelAccount.OldKey;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.kernel.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a channel knows a merchant by: the provider's part, and the sub-merchant's. A sub-merchant
/// can be paid over a channel once both parts are there.
public sealed interface ChannelCredentials {
  PayPlatform platform();

  /// A provider at WeChat Pay.
  ///
  /// @param appIds its official accounts; the first one where a request names none
  /// @param oldKey what `apiKey` has taken the place of; it may have ended
  record WechatProvider(
      String merchantNumber,
      List<String> appIds,
      Secret apiKey,
      Optional<OldKey> oldKey,
      SignType signType,
      Optional<ClientCertificate> certificate)
      implements ChannelCredentials {
    public WechatProvider {
      appIds = List.copyOf(appIds);
      require(!appIds.isEmpty(), "a provider has an app id");
    }

    /// With a key that has taken no other's place.
    public WechatProvider(
        String merchantNumber,
        List<String> appIds,
        Secret apiKey,
        SignType signType,
        Optional<ClientCertificate> certificate) {
      this(merchantNumber, appIds, apiKey, Optional.empty(), signType, certificate);
    }

    WechatProvider with(Optional<OldKey> old) {
      return new WechatProvider(merchantNumber, appIds, apiKey, old, signType, certificate);
    }

    /// These credentials in the place of others: with another key, the one before it verifies for a
    /// while; with the same key, the old one keeps its end. At another merchant number no key of
    /// this one counts.
    ///
    /// @param overlap how long an old key may still verify; zero: none does
    WechatProvider replacing(Optional<WechatProvider> before, Instant now, Duration overlap) {
      if (overlap.isZero()) {
        return with(Optional.empty());
      }
      return with(
          before
              .filter(one -> one.merchantNumber.equals(merchantNumber))
              .flatMap(one ->
                  one.apiKey.equals(apiKey)
                      ? one.oldKeyAt(now)
                      : Optional.of(new OldKey(one.apiKey, now.plus(overlap)))));
    }

    /// The old key, as long as it verifies.
    Optional<OldKey> oldKeyAt(Instant now) {
      return oldKey.filter(old -> old.countsAt(now));
    }

    @Override
    public PayPlatform platform() {
      return PayPlatform.WECHAT;
    }
  }

  /// A sub-merchant at WeChat Pay.
  ///
  /// @param appIds its official accounts; needed for payers that are known there
  record WechatSubMerchant(String merchantNumber, List<String> appIds)
      implements ChannelCredentials {
    public WechatSubMerchant {
      appIds = List.copyOf(appIds);
    }

    @Override
    public PayPlatform platform() {
      return PayPlatform.WECHAT;
    }
  }

  /// A provider's application at Alipay.
  record AlipayProvider(
      String appId, Secret privateKey, AlipayTrust trust, Optional<String> serviceProviderId)
      implements ChannelCredentials {
    @Override
    public PayPlatform platform() {
      return PayPlatform.ALIPAY;
    }
  }

  /// A sub-merchant at Alipay.
  ///
  /// @param appAuthToken absent when the application is its own
  record AlipaySubMerchant(Optional<Secret> appAuthToken, Optional<String> sellerId)
      implements ChannelCredentials {
    @Override
    public PayPlatform platform() {
      return PayPlatform.ALIPAY;
    }
  }

  /// Both parts together.
  static Optional<ChannelAccount> together(ChannelCredentials provider, ChannelCredentials sub) {
    if (provider instanceof WechatProvider above && sub instanceof WechatSubMerchant below) {
      return Optional.of(
          new ChannelAccount.Wechat(
              above.merchantNumber,
              above.appIds.getFirst(),
              below.merchantNumber,
              below.appIds.stream().findFirst(),
              above.apiKey,
              above.oldKey,
              above.signType,
              above.certificate));
    }
    if (provider instanceof AlipayProvider above && sub instanceof AlipaySubMerchant below) {
      return Optional.of(
          new ChannelAccount.Alipay(
              above.appId,
              above.privateKey,
              above.trust,
              below.appAuthToken,
              below.sellerId,
              above.serviceProviderId));
    }
    return Optional.empty();
  }
}
