package io.yunfu.gateway.merchant;

import io.yunfu.db.Transaction;
import io.yunfu.kernel.Secret;
import io.yunfu.operator.MasterKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Keeps the keys of calls and notices (`authen_key`) apart from what channels are asked with:
/// whoever has one of them must not have the other. Held within a provider and its sub-merchants,
/// where both are opened; strangers' keys are not looked at. Source: `cloudpay.md` section 6.2,
/// `channels.md` section 9, S6.
final class KeysApart {
  private final MasterKey masterKey;
  private final MerchantStore store = new MerchantStore();

  KeysApart(MasterKey masterKey) {
    this.masterKey = masterKey;
  }

  /// Which of these credentials is the key of somebody who calls: the provider, or one of its
  /// sub-merchants.
  ///
  /// @param sub only this sub-merchant and its provider; empty: all of the provider's
  Optional<MerchantRefused.CredentialsUnusable> refusal(
      Transaction tx, ChannelCredentials credentials, long provider, Optional<Long> sub) {
    var secrets = secrets(credentials);
    if (secrets.isEmpty()) {
      return Optional.empty();
    }
    var keys =
        store.authenKeys(tx, provider, sub).stream().flatMap(sealed -> open(sealed)).toList();
    return secrets.entrySet().stream()
        .filter(secret -> keys.contains(secret.getValue()))
        .map(Map.Entry::getKey)
        .findFirst()
        .map(field ->
            new MerchantRefused.CredentialsUnusable(
                field, "is the key of calls or notices of the merchant or of a sub-merchant"));
  }

  /// Whether a key that is to be imported is what a channel is asked with.
  ///
  /// @param holders the numbers of whom it will belong to, and of the provider above
  boolean isOfChannel(Transaction tx, Secret key, long... holders) {
    return store.accounts(tx, holders).stream()
        .flatMap(account -> opened(() -> Seals.open(masterKey, account)))
        .anyMatch(credentials -> secrets(credentials).containsValue(key));
  }

  private Stream<Secret> open(MerchantStore.SealedKey key) {
    return opened(() -> Secret.of(masterKey.open(key.owner(), key.sealed())));
  }

  private interface Opening<T> {
    T open();
  }

  /// What an earlier master key sealed, and nobody can open any more, is nobody's key any more.
  private static <T> Stream<T> opened(Opening<T> opening) {
    try {
      return Stream.of(opening.open());
    } catch (MasterKey.DoesNotFit e) {
      return Stream.empty();
    }
  }

  /// By the names that they are set under. A private key is longer than any key of calls.
  private static Map<String, Secret> secrets(ChannelCredentials credentials) {
    var secrets = new LinkedHashMap<String, Secret>();
    switch (credentials) {
      case ChannelCredentials.WechatProvider wechat -> secrets.put("apiKey", wechat.apiKey());
      case ChannelCredentials.AlipaySubMerchant alipay ->
          alipay.appAuthToken().ifPresent(token -> secrets.put("appAuthToken", token));
      case ChannelCredentials.WechatSubMerchant _, ChannelCredentials.AlipayProvider _ -> {}
    }
    return secrets;
  }
}
