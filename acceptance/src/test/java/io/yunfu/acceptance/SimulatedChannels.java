package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// `yunfu simulator` as a program of its own, with the merchants, keys and users that it has by
/// itself, and what is asked of its admin API. Source: `docs/operating/simulator.md`.
final class SimulatedChannels implements AutoCloseable {
  static final String WECHAT_NUMBER = "1900000001";
  static final String WECHAT_APP = "wx00000000000000aa";
  static final String WECHAT_KEY = "TESTKEY0000000000000000000000001";
  static final String WECHAT_SUB_NUMBER = "1900000101";
  static final String WECHAT_SUB_APP = "wx00000000000000bb";
  static final String ALIPAY_APP = "2021000000000001";
  static final String ALIPAY_TOKEN = "202601BBtoken0000000000000000000000A101";
  static final String ALIPAY_SELLER = "2088000000000101";

  /// Who pays: rich.
  private static final String PAYER = "alice";

  private final Http http;
  private final Path credentials;
  private final Program program;
  private final JsonNode description;
  private final String admin;
  private final JsonNode payer;

  /// Starts it, and waits until it answers.
  SimulatedChannels(Path directory, Http http) throws Exception {
    this.http = http;
    credentials = directory.resolve("sim");
    program =
        Program.start(directory, Map.of(), "simulator", "--credentials", credentials.toString());
    program.await("it is ready", () -> program.out().endsWith("\n"));
    description = new ObjectMapper().readTree(program.out());
    admin = description.at("/listeners/admin").asString();
    payer =
        ask("GET", "/_sim/users", "")
            .get("users")
            .valueStream()
            .filter(user -> user.get("name").asString().equals(PAYER))
            .findFirst()
            .orElseThrow();
    rememberSecrets();
  }

  private void rememberSecrets() throws IOException {
    Secrets.rememberOfChannels(WECHAT_KEY);
    Secrets.rememberOfChannels(ALIPAY_TOKEN);
    Secrets.rememberOfChannels(wechatPayer());
    Secrets.rememberOfChannels(alipayPayer());
    rememberKey(file(wechatKeyFile()));
    rememberKey(file(alipayKeyFile()));
  }

  /// However a key were printed: no line of it is.
  static void rememberKey(Path pem) throws IOException {
    for (String line : Files.readAllLines(pem, UTF_8)) {
      if (!line.startsWith("-")) {
        Secrets.rememberOfChannels(line);
      }
    }
  }

  /// What a server is set to that takes payments over it.
  ///
  /// @param port the server's own
  Map<String, String> settings(int port) {
    return Map.of(
        "YUNFU_GATEWAY_ENABLED",
        "true",
        "YUNFU_GATEWAY_PUBLIC_URL",
        "http://127.0.0.1:" + port,
        "YUNFU_GATEWAY_ALLOW_OTHER_HOSTS",
        "true",
        "YUNFU_GATEWAY_WECHAT_URL",
        description.at("/listeners/wx-https").asString(),
        "YUNFU_GATEWAY_ALIPAY_URL",
        description.at("/listeners/ali-https").asString() + "/gateway.do",
        "YUNFU_GATEWAY_ROOT_CERTIFICATES",
        file("ca.pem").toString(),
        "YUNFU_GATEWAY_NOTICES_ALLOW_PRIVATE_TARGETS",
        "true");
  }

  /// One of the files for clients.
  Path file(String name) {
    return credentials.resolve(name);
  }

  String text(String name) throws IOException {
    return Files.readString(file(name), UTF_8);
  }

  static String wechatCertificateFile() {
    return WECHAT_NUMBER + "_cert.pem";
  }

  static String wechatKeyFile() {
    return WECHAT_NUMBER + "_key.pem";
  }

  static String alipayKeyFile() {
    return "alipay_" + ALIPAY_APP + "_app_private_key.pem";
  }

  static String alipayPublicKeyFile() {
    return "alipay_" + ALIPAY_APP + "_alipay_public_key.pem";
  }

  /// The payer, as the sub-merchant's official account knows them.
  String wechatPayer() {
    return payer.at("/openids/" + WECHAT_SUB_APP).asString();
  }

  /// The payer's user id at Alipay.
  String alipayPayer() {
    return payer.get("alipay_user_id").asString();
  }

  /// A call of its admin API.
  JsonNode ask(String method, String path, String body) throws IOException, InterruptedException {
    return http.send(method, admin + path, body).wellDone();
  }

  /// The payer pays.
  ///
  /// @param reference a prepay id or a trade number
  /// @param late although the order is closed
  void pay(String reference, boolean late) throws IOException, InterruptedException {
    ask(
        "POST",
        "/_sim/pay",
        "{\"ref\":\"%s\",\"user\":\"%s\",\"action\":\"success\",\"late\":%b}"
            .formatted(reference, PAYER, late));
  }

  /// What the page of an order hands to the app, as the payer's app reads it.
  ///
  /// @param arguments `jsapi_args` of the wire
  static String reference(JsonNode arguments) {
    JsonNode wechat = arguments.at("/wxpay/get_brand_wcpay/package");
    return wechat.isMissingNode()
        ? arguments.at("/alipay/trade_pay/trade_no").asString()
        : wechat.asString().substring("prepay_id=".length());
  }

  /// Does not listen any more, and has forgotten everything.
  @Override
  public void close() {
    program.close();
  }
}
