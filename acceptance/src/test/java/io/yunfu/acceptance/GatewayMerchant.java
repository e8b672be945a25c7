package io.yunfu.acceptance;

import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/// A merchant that is paid over both simulated channels: imported over the admin API with ids and
/// keys of its own, into the first cell; and the texts of its calls.
final class GatewayMerchant {
  static final String PROVIDER = "gzProvider";
  static final String SUB_MERCHANT = "gzSub";
  static final String SHOP = "gzShop";
  static final String PREFIX = "gz0200abcd";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROVIDER_KEY = "91d2e3f4a5b6c7d8091a2b3c4d5e6f70";
  private static final String KEY = "4f6b2c9e8d1a7350bb64e0f1c2d3a495";
  private static final String SELLER =
      "\"out_mch_id\":\"%s\",\"out_sub_mch_id\":\"%s\",\"out_shop_id\":\"%s\""
          .formatted(PROVIDER, SUB_MERCHANT, SHOP);

  private final Http http;
  private final String server;
  private final SimulatedChannels channels;

  /// @param port of the server
  GatewayMerchant(Http http, int port, SimulatedChannels channels) {
    this.http = http;
    this.server = "http://127.0.0.1:" + port;
    this.channels = channels;
    Secrets.remember(PROVIDER_KEY);
    Secrets.remember(KEY);
  }

  /// Opens it at the server.
  ///
  /// @param callback where it hears of payments and refunds
  void open(String callback) throws IOException, InterruptedException {
    ObjectNode provider =
        JSON.createObjectNode()
            .put("id", PROVIDER)
            .put("key", PROVIDER_KEY)
            .put("callbackUrl", callback)
            .put("refundNotices", true)
            .put("cell", 0);
    operate("POST", "/merchants", provider.toString());
    ObjectNode sub =
        JSON.createObjectNode().put("id", SUB_MERCHANT).put("key", KEY).put("feePpm", 6000);
    sub.putArray("prefixes").add(PREFIX);
    operate("POST", "/merchants/" + PROVIDER + "/sub-merchants", sub.toString());
    operate("POST", "/sub-merchants/" + SUB_MERCHANT + "/shops", "{\"id\":\"%s\"}".formatted(SHOP));
    ObjectNode wechat =
        JSON.createObjectNode()
            .put("merchantNumber", SimulatedChannels.WECHAT_NUMBER)
            .put("apiKey", SimulatedChannels.WECHAT_KEY)
            .put("certificatePem", channels.text(SimulatedChannels.wechatCertificateFile()))
            .put("certificateKeyPem", channels.text(SimulatedChannels.wechatKeyFile()));
    wechat.putArray("appIds").add(SimulatedChannels.WECHAT_APP);
    operate("PUT", "/merchants/" + PROVIDER + "/channels/wechat", wechat.toString());
    ObjectNode subWechat =
        JSON.createObjectNode().put("merchantNumber", SimulatedChannels.WECHAT_SUB_NUMBER);
    subWechat.putArray("appIds").add(SimulatedChannels.WECHAT_SUB_APP);
    operate("PUT", "/sub-merchants/" + SUB_MERCHANT + "/channels/wechat", subWechat.toString());
    ObjectNode alipay =
        JSON.createObjectNode()
            .put("appId", SimulatedChannels.ALIPAY_APP)
            .put("privateKey", channels.text(SimulatedChannels.alipayKeyFile()))
            .put("alipayPublicKey", channels.text(SimulatedChannels.alipayPublicKeyFile()));
    operate("PUT", "/merchants/" + PROVIDER + "/channels/alipay", alipay.toString());
    ObjectNode subAlipay =
        JSON.createObjectNode()
            .put("appAuthToken", SimulatedChannels.ALIPAY_TOKEN)
            .put("sellerId", SimulatedChannels.ALIPAY_SELLER);
    operate("PUT", "/sub-merchants/" + SUB_MERCHANT + "/channels/alipay", subAlipay.toString());
  }

  /// Its program, which signs with its key.
  CloudPay program() {
    return new CloudPay(http, server + "/cpay", KEY);
  }

  /// Of `official_account_pay`.
  ///
  /// @param fen what is paid
  String payText(PayChannel channel, String number, int fen) {
    return """
    {"pay_mch_key":{%s,%s},"pay_content":{"out_trade_no":"%s","total_fee":%d,"fee_type":"CNY",\
    "body":"coffee"},"order_client":{"spbill_create_ip":"198.51.100.7"},"nonce_str":"n1"}\
    """
        .formatted(SELLER, channel.payerOnWire(channels), number, fen);
  }

  /// Of queries and of `close_order`.
  String orderText(String number) {
    return """
    {"pay_mch_key":{%s},"out_trade_no":"%s","nonce_str":"n2"}\
    """
        .formatted(SELLER, number);
  }

  String refundText(String number, String refundNumber, int total, int back) {
    return """
    {"pay_mch_key":{%s},"refund_content":{"out_trade_no":"%s","out_refund_no":"%s",\
    "total_fee":%d,"refund_fee":%d},"nonce_str":"n3"}\
    """
        .formatted(SELLER, number, refundNumber, total, back);
  }

  /// What the operator does over the admin API, and goes well.
  JsonNode operate(String method, String path, String body)
      throws IOException, InterruptedException {
    return tryTo(method, path, body).wellDone();
  }

  /// What the operator does, well or not.
  Http.Reply tryTo(String method, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        method,
        server + "/admin/v1" + path,
        body,
        "Authorization",
        "Bearer " + Installation.ADMIN_TOKEN);
  }
}
