package io.yunfu.simulator.alipay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.http.Port;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A merchant's program, written without a line of the simulator's: it signs with the key that it
/// was handed, calls over the network, and takes no answer that does not verify.
final class Shop {
  static final String APP = "2021000000000001";
  static final String CERTIFIED_APP = "2021000000000002";
  static final String TOKEN_101 = "202601BBtoken0000000000000000000000A101";
  static final String TOKEN_102 = "202601BBtoken0000000000000000000000A102";
  static final String SELLER_101 = "2088000000000101";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));
  private static final JsonMapper JSON = new JsonMapper();

  private final Sandbox sandbox;
  private final String appId;
  private final @Nullable String token;
  private final HttpClient client = HttpClient.newHttpClient();
  private final PrivateKey key;
  private final PublicKey channelKey;
  private Charset charset = UTF_8;
  private @Nullable String notifyUrl;

  Shop(Sandbox sandbox, String appId, @Nullable String token) {
    this.sandbox = sandbox;
    this.appId = appId;
    this.token = token;
    try {
      var keys = KeyFactory.getInstance("RSA");
      this.key =
          keys.generatePrivate(
              new PKCS8EncodedKeySpec(pem(sandbox, "alipay_" + appId + "_app_private_key.pem")));
      this.channelKey =
          keys.generatePublic(
              new X509EncodedKeySpec(pem(sandbox, "alipay_" + appId + "_alipay_public_key.pem")));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Of the first provider, for its first sub-merchant.
  static Shop of(Sandbox sandbox) {
    return new Shop(sandbox, APP, TOKEN_101);
  }

  Shop telling(URI notifyUrl) {
    this.notifyUrl = notifyUrl.toString();
    return this;
  }

  Shop in(Charset charset) {
    this.charset = charset;
    return this;
  }

  /// An answer as it came.
  record Received(int status, String contentType, String text) {}

  /// All parameters of a call but the signature.
  Map<String, String> parameters(String method, String content) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("app_id", appId);
    parameters.put("method", method);
    parameters.put("format", "JSON");
    parameters.put("charset", charset.name().toLowerCase(java.util.Locale.ROOT));
    parameters.put("sign_type", "RSA2");
    parameters.put("timestamp", time(sandbox.clock().now()));
    parameters.put("version", "1.0");
    if (notifyUrl != null) {
      parameters.put("notify_url", notifyUrl);
    }
    if (token != null) {
      parameters.put("app_auth_token", token);
    }
    parameters.put("biz_content", content.replace('\'', '"'));
    return parameters;
  }

  static String time(Instant at) {
    return TIME.format(at);
  }

  Map<String, String> signed(Map<String, String> parameters) {
    Map<String, String> signed = new LinkedHashMap<>(parameters);
    signed.put("sign", sign(text(parameters)));
    return signed;
  }

  /// Calls, verifies, and takes the node out of the answer. Single quotes stand for double ones.
  JsonNode call(String method, String content) {
    return verified(method, send(signed(parameters(method, content))));
  }

  /// The node of an answer whose signature fits the text between its braces.
  JsonNode verified(String method, Received received) {
    String node = nodeOf(method, received.text());
    JsonNode whole = JSON.readTree(received.text());
    if (!verifies(node.getBytes(charset), whole.path("sign").asString(""))) {
      throw new AssertionError("not signed: " + received.text());
    }
    return JSON.readTree(node);
  }

  /// The text of the node, to the character.
  static String nodeOf(String method, String text) {
    String prefix = "{\"" + method.replace('.', '_') + "_response\":";
    if (!text.startsWith(prefix)) {
      throw new AssertionError("no node of " + method + ": " + text);
    }
    int end = Math.max(text.lastIndexOf(",\"sign\":"), prefix.length());
    int certificate = text.lastIndexOf(",\"alipay_cert_sn\":");
    return text.substring(prefix.length(), certificate > 0 ? certificate : end);
  }

  /// Puts `biz_content` into the body and the rest into the query, as the SDKs do.
  Received send(Map<String, String> parameters) {
    Map<String, String> query = new LinkedHashMap<>(parameters);
    query.remove("biz_content");
    return post(form(query), "biz_content=" + encoded(parameters.getOrDefault("biz_content", "")));
  }

  Received post(String query, String body) {
    return exchange(
        HttpRequest.newBuilder(gateway(query))
            .header("Content-Type", "application/x-www-form-urlencoded;charset=" + charset.name())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(US_ASCII)))
            .build());
  }

  Received get(String query) {
    return exchange(HttpRequest.newBuilder(gateway(query)).GET().build());
  }

  Received exchange(HttpRequest request) {
    try {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Received(
          answer.statusCode(),
          answer.headers().firstValue("Content-Type").orElse(""),
          new String(answer.body(), charset));
    } catch (IOException e) {
      throw new Unanswered(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The connection ended without an answer.
  static final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unanswered(IOException cause) {
      super(cause);
    }
  }

  private URI gateway(String query) {
    return URI.create(
        sandbox.base(Port.ALI_HTTP) + "/gateway.do" + (query.isEmpty() ? "" : "?" + query));
  }

  String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  private String encoded(String value) {
    return URLEncoder.encode(value, charset);
  }

  static String text(Map<String, String> parameters) {
    return new TreeMap<>(parameters)
        .entrySet().stream()
            .filter(each -> !each.getValue().isEmpty())
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining("&"));
  }

  String sign(String text) {
    return sign("SHA256withRSA", text);
  }

  String sign(String algorithm, String text) {
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text.getBytes(charset));
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean verifies(byte[] text, String sign) {
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(channelKey);
      signature.update(text);
      return signature.verify(Base64.getDecoder().decode(sign));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  /// Whether a notice is the channel's.
  boolean verifies(Map<String, String> notice) {
    Map<String, String> covered = new LinkedHashMap<>(notice);
    String sign = covered.remove("sign");
    String type = covered.remove("sign_type");
    return sign != null && "RSA2".equals(type) && verifies(text(covered).getBytes(UTF_8), sign);
  }

  private static byte[] pem(Sandbox sandbox, String file) {
    String text = new String(sandbox.credentials().file(file).orElseThrow(), US_ASCII);
    return Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", "").strip());
  }
}
