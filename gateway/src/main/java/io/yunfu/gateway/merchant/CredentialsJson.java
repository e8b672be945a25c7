package io.yunfu.gateway.merchant;

import io.yunfu.gateway.channel.ChannelAccount.AlipayTrust;
import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import io.yunfu.gateway.channel.ChannelAccount.OldKey;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.merchant.ChannelCredentials.AlipayProvider;
import io.yunfu.gateway.merchant.ChannelCredentials.AlipaySubMerchant;
import io.yunfu.gateway.merchant.ChannelCredentials.WechatProvider;
import io.yunfu.gateway.merchant.ChannelCredentials.WechatSubMerchant;
import io.yunfu.kernel.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Credentials at rest: what may be shown as one JSON document, what may not as another, which is
/// sealed.
final class CredentialsJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CredentialsJson() {}

  /// The two documents.
  record Parts(String settings, String secrets) {
    @Override
    public String toString() {
      return "Parts[hidden]";
    }
  }

  static Parts write(ChannelCredentials credentials) {
    ObjectNode open = JSON.createObjectNode();
    ObjectNode secret = JSON.createObjectNode();
    switch (credentials) {
      case WechatProvider wechat -> {
        open.put("kind", "wechat-provider");
        open.put("merchantNumber", wechat.merchantNumber());
        texts(open, "appIds", wechat.appIds());
        open.put("signType", wechat.signType().code());
        secret.put("apiKey", wechat.apiKey().reveal());
        wechat
            .oldKey()
            .ifPresent(old -> {
              open.put("oldKeyUntil", old.until().toString());
              secret.put("oldApiKey", old.key().reveal());
            });
        wechat
            .certificate()
            .ifPresent(certificate -> {
              secret.put("pkcs12", certificate.pkcs12().reveal());
              secret.put("password", certificate.password().reveal());
            });
      }
      case WechatSubMerchant wechat -> {
        open.put("kind", "wechat-sub-merchant");
        open.put("merchantNumber", wechat.merchantNumber());
        texts(open, "appIds", wechat.appIds());
      }
      case AlipayProvider alipay -> {
        open.put("kind", "alipay-provider");
        open.put("appId", alipay.appId());
        alipay.serviceProviderId().ifPresent(id -> open.put("serviceProviderId", id));
        switch (alipay.trust()) {
          case AlipayTrust.PublicKey(var key) -> open.put("alipayPublicKey", key);
          case AlipayTrust.Certificates(var application, var certificates, var roots) -> {
            open.put("applicationCertificate", application);
            texts(open, "alipayCertificates", certificates);
            open.put("rootCertificates", roots);
          }
        }
        secret.put("privateKey", alipay.privateKey().reveal());
      }
      case AlipaySubMerchant alipay -> {
        open.put("kind", "alipay-sub-merchant");
        alipay.sellerId().ifPresent(id -> open.put("sellerId", id));
        alipay.appAuthToken().ifPresent(token -> secret.put("appAuthToken", token.reveal()));
      }
    }
    return new Parts(JSON.writeValueAsString(open), JSON.writeValueAsString(secret));
  }

  static ChannelCredentials read(Parts parts) {
    JsonNode open = JSON.readTree(parts.settings);
    JsonNode secret = JSON.readTree(parts.secrets);
    String kind = open.get("kind").asString();
    return switch (kind) {
      case "wechat-provider" ->
          new WechatProvider(
              open.get("merchantNumber").asString(),
              texts(open, "appIds"),
              secretAt(secret, "apiKey").orElseThrow(),
              oldKey(open, secret),
              signType(open.get("signType").asString()),
              secretAt(secret, "pkcs12")
                  .map(pkcs12 ->
                      new ClientCertificate(pkcs12, secretAt(secret, "password").orElseThrow())));
      case "wechat-sub-merchant" ->
          new WechatSubMerchant(open.get("merchantNumber").asString(), texts(open, "appIds"));
      case "alipay-provider" ->
          new AlipayProvider(
              open.get("appId").asString(),
              secretAt(secret, "privateKey").orElseThrow(),
              trust(open),
              text(open, "serviceProviderId"));
      case "alipay-sub-merchant" ->
          new AlipaySubMerchant(secretAt(secret, "appAuthToken"), text(open, "sellerId"));
      default -> throw new IllegalStateException("no kind of credentials: " + kind);
    };
  }

  private static AlipayTrust trust(JsonNode open) {
    return text(open, "alipayPublicKey")
        .<AlipayTrust>map(AlipayTrust.PublicKey::new)
        .orElseGet(() ->
            new AlipayTrust.Certificates(
                open.get("applicationCertificate").asString(),
                texts(open, "alipayCertificates"),
                open.get("rootCertificates").asString()));
  }

  /// Absent in documents from before there were old keys, too.
  private static Optional<OldKey> oldKey(JsonNode open, JsonNode secret) {
    return secretAt(secret, "oldApiKey")
        .map(key -> new OldKey(key, Instant.parse(text(open, "oldKeyUntil").orElseThrow())));
  }

  private static SignType signType(String code) {
    for (SignType type : SignType.values()) {
      if (type.code().equals(code)) {
        return type;
      }
    }
    throw new IllegalStateException("no sign type " + code);
  }

  private static void texts(ObjectNode node, String name, List<String> values) {
    var list = node.putArray(name);
    values.forEach(list::add);
  }

  private static List<String> texts(JsonNode node, String name) {
    return node.get(name).valueStream().map(JsonNode::asString).toList();
  }

  private static Optional<String> text(JsonNode node, String name) {
    return Optional.ofNullable(node.get(name)).map(JsonNode::asString);
  }

  private static Optional<Secret> secretAt(JsonNode node, String name) {
    return text(node, name).map(Secret::of);
  }
}
