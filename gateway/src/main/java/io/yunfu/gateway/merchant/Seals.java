package io.yunfu.gateway.merchant;

import io.yunfu.operator.MasterKey;

/// What each sealed secret belongs to, so that a ciphertext that is moved to another row does not
/// open there.
final class Seals {
  private Seals() {}

  static String providerKey(ProviderId id) {
    return "provider-key/" + id;
  }

  static String subMerchantKey(SubMerchantId id) {
    return "sub-merchant-key/" + id;
  }

  private static String account(long merchant, int platform) {
    return "channel-account/" + merchant + "/" + platform;
  }

  static MerchantStore.StoredAccount seal(
      MasterKey key, long merchant, ChannelCredentials credentials) {
    int platform = credentials.platform().number();
    var parts = CredentialsJson.write(credentials);
    return new MerchantStore.StoredAccount(
        merchant,
        platform,
        parts.settings(),
        key.seal(account(merchant, platform), parts.secrets()));
  }

  static ChannelCredentials open(MasterKey key, MerchantStore.StoredAccount stored) {
    String secrets = key.open(account(stored.merchant(), stored.platform()), stored.secrets());
    return CredentialsJson.read(new CredentialsJson.Parts(stored.settings(), secrets));
  }
}
