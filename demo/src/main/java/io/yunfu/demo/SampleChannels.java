package io.yunfu.demo;

import io.yunfu.gateway.channel.ChannelAccount.AlipayTrust;
import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.merchant.ChannelCredentials;
import io.yunfu.kernel.Secret;
import io.yunfu.server.http.CannotListen;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.people.User;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The simulated channels of a demo, and what its merchant and its payer are known by there: both
/// sides take that from here, so they fit at every start.
///
/// Keys come from the simulator's seed, which is always the same, and are kept in the demo's
/// directory; numbers of transactions differ from start to start, since the server remembers those
/// of before.
final class SampleChannels implements AutoCloseable {
  /// How many ports follow that of the simulator's pages.
  static final int CHANNEL_PORTS = 4;

  /// The simulator's user who pays in the demo, with a full purse.
  private static final String PAYER = "alice";

  private static final String WECHAT_MERCHANT = "1900000001";
  private static final String WECHAT_SUB_MERCHANT = "1900000101";
  private static final String WECHAT_APP = "wx00000000000000aa";
  private static final String WECHAT_SUB_APP = "wx00000000000000bb";
  private static final String WECHAT_KEY = "DEMOKEY0000000000000000000000001";
  private static final String ALIPAY_APP = "2021000000000001";
  private static final String ALIPAY_TOKEN = "202601BBtoken0000000000000000000000A101";
  private static final String ALIPAY_SELLER = "2088000000000101";

  /// The simulator's own users, the first of them rich enough for the largest sample order.
  private static final String CONFIGURATION =
      """
      {"users": [
        {"name": "alice", "display": "艾丽", "balance": 100000000},
        {"name": "bob", "display": "小波", "balance": 1},
        {"name": "carol", "display": "卡萝", "balance": 10000000, "credit_only": true},
        {"name": "dave", "display": "大卫", "balance": 10000000, "frozen": true},
        {"name": "erin", "display": "艾琳", "balance": 10000000, "needs_password": true}],
       "wechat": {"merchants": [
        {"mch_id": "%s", "name": "云付服务商", "appids": ["%s"], "api_key": "%s",
         "sub": [{"sub_mch_id": "%s", "name": "云上咖啡", "sub_appids": ["%s"], "fee_rate": "0.60%%"}]}]},
       "alipay": {"apps": [
        {"app_id": "%s", "name": "云付服务商",
         "sellers": [{"app_auth_token": "%s", "seller_id": "%s", "name": "云上咖啡",
                      "email": "coffee@example.test"}]}]}}
      """
          .formatted(
              WECHAT_MERCHANT,
              WECHAT_APP,
              WECHAT_KEY,
              WECHAT_SUB_MERCHANT,
              WECHAT_SUB_APP,
              ALIPAY_APP,
              ALIPAY_TOKEN,
              ALIPAY_SELLER);

  private final Sandbox sandbox;
  private final Path credentials;

  private SampleChannels(Sandbox sandbox, Path credentials) {
    this.sandbox = sandbox;
    this.credentials = credentials;
  }

  /// Starts them.
  ///
  /// @param credentials where keys and certificates are kept
  /// @param port of the simulator's pages; the channels listen on the four after it. 0: free ones
  /// @throws CannotListen when a port is taken or may not be used
  static SampleChannels start(Path credentials, int port, InstantSource clock) {
    SandboxSettings settings =
        SandboxSettings.read(Json.read(CONFIGURATION)).withCredentials(credentials);
    if (port != 0) {
      int next = port;
      for (Port listener :
          List.of(Port.ADMIN, Port.WX_HTTP, Port.WX_HTTPS, Port.ALI_HTTP, Port.ALI_HTTPS)) {
        settings = settings.withPort(listener, next++);
      }
    }
    try {
      Sandbox sandbox = Sandbox.start(settings);
      sandbox.vary(clock.millis());
      return new SampleChannels(sandbox, credentials);
    } catch (io.yunfu.simulator.http.CannotListen e) {
      throw new CannotListen("the simulator: " + e.getMessage(), e);
    }
  }

  /// The simulator's pages and its admin API.
  URI pages() {
    return sandbox.base(Port.ADMIN);
  }

  /// Where WeChat Pay is.
  URI wechat() {
    return sandbox.base(Port.WX_HTTPS);
  }

  /// Where Alipay is.
  URI alipay() {
    return sandbox.base(Port.ALI_HTTPS);
  }

  /// The certificate that issued those of both, in PEM.
  Path authority() {
    return credentials.resolve("ca.pem");
  }

  ChannelCredentials.WechatProvider wechatProvider() {
    byte[] certificate = sandbox.credentials().client(WECHAT_MERCHANT).pkcs12(WECHAT_MERCHANT);
    return new ChannelCredentials.WechatProvider(
        WECHAT_MERCHANT,
        List.of(WECHAT_APP),
        Secret.of(WECHAT_KEY),
        SignType.MD5,
        Optional.of(
            new ClientCertificate(
                Secret.of(Base64.getEncoder().encodeToString(certificate)),
                Secret.of(WECHAT_MERCHANT))));
  }

  ChannelCredentials.WechatSubMerchant wechatSubMerchant() {
    return new ChannelCredentials.WechatSubMerchant(WECHAT_SUB_MERCHANT, List.of(WECHAT_SUB_APP));
  }

  ChannelCredentials.AlipayProvider alipayProvider() {
    return new ChannelCredentials.AlipayProvider(
        ALIPAY_APP,
        Secret.of(file("alipay_" + ALIPAY_APP + "_app_private_key.pem")),
        new AlipayTrust.PublicKey(file("alipay_" + ALIPAY_APP + "_alipay_public_key.pem")),
        Optional.empty());
  }

  ChannelCredentials.AlipaySubMerchant alipaySubMerchant() {
    return new ChannelCredentials.AlipaySubMerchant(
        Optional.of(Secret.of(ALIPAY_TOKEN)), Optional.of(ALIPAY_SELLER));
  }

  /// The payer, as the merchant's official account knows them.
  String wechatPayer() {
    return sandbox.people().openid(payer(), WECHAT_SUB_APP);
  }

  /// The payer's user id at Alipay.
  String alipayPayer() {
    return payer().alipayUserId();
  }

  private User payer() {
    return sandbox.people().named(PAYER).orElseThrow();
  }

  private String file(String name) {
    return new String(sandbox.credentials().file(name).orElseThrow(), StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
