package io.yunfu.simulator.alipay;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;

/// An application, which signs calls with a key of its own and has answers signed by a key that the
/// channel keeps for it. The two keys are never the same: the vendor's Java SDK refuses that.
final class App {
  /// How an application is spelt in the configuration, apart from keys and sellers.
  ///
  /// @param certificates whether the keys are proved by certificates, which the calls then name
  /// @param openIds whether users are named by `buyer_open_id` instead of `buyer_user_id`
  /// @param escapeSlashes whether answers hold `\/`, as the channel's do
  record Traits(
      String appId, String name, boolean certificates, boolean openIds, boolean escapeSlashes) {}

  private final Traits traits;
  private final Optional<Contract> own;
  private final Map<String, Contract> tokens;
  private final Optional<PublicKey> given;
  private final Keys keys;

  /// @param own what it may do without a token
  /// @param tokens by `app_auth_token`
  /// @param given the public key of the application, if its owner made the pair
  App(
      Traits traits,
      Optional<Contract> own,
      Map<String, Contract> tokens,
      Optional<PublicKey> given,
      Keys keys) {
    this.traits = traits;
    this.own = own;
    this.tokens = Map.copyOf(tokens);
    this.given = given;
    this.keys = keys;
  }

  String id() {
    return traits.appId();
  }

  Traits traits() {
    return traits;
  }

  Optional<Contract> own() {
    return own;
  }

  Optional<Contract> byToken(String token) {
    return Optional.ofNullable(tokens.get(token));
  }

  /// By `app_auth_token`.
  Map<String, Contract> tokens() {
    return tokens;
  }

  /// The pair that was made for the application; empty if its owner made one.
  Optional<KeyPair> appKeys() {
    return given.isPresent() ? Optional.empty() : Optional.of(keys.pair("app/" + id()));
  }

  /// What calls are verified with.
  PublicKey appKey() {
    return given.orElseGet(() -> keys.pair("app/" + id()).getPublic());
  }

  /// What verifies answers and notices.
  PublicKey channelKey() {
    return keys.pair("channel/" + id()).getPublic();
  }

  PrivateKey channelPrivateKey() {
    return keys.pair("channel/" + id()).getPrivate();
  }

  /// A key that is not the channel's, for wrong signatures: of somebody else, or long expired.
  PrivateKey strangersPrivateKey() {
    return keys.pair("stranger/" + id()).getPrivate();
  }

  X509Certificate appCertificate() {
    return keys.certificate("CN=" + id() + ", O=Yunfu simulator, C=CN", appKey());
  }

  X509Certificate channelCertificate() {
    return keys.certificate("CN=Alipay for " + id() + ", O=Yunfu simulator, C=CN", channelKey());
  }

  X509Certificate rootCertificate() {
    return keys.root();
  }
}
