package io.yunfu.server.api.billing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.server.http.Header;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A literal request, signed with code of its own: with the server's we would only prove that it
/// agrees with itself. Made to be broken at any point: what is changed before [#signed] is covered
/// by the signature, what is changed after it is not.
final class SignedCall {
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  static final String HOST = "billing.tencentcloudapi.com";
  static final String SECRET_KEY = "SKEXAMPLE";

  private String method;
  private String target;
  private final List<Header> headers;
  private byte[] body;
  private String secretId = "AKIDEXAMPLE";
  private String secretKey = SECRET_KEY;

  private SignedCall(String method, String target, List<Header> headers, byte[] body) {
    this.method = method;
    this.target = target;
    this.headers = new ArrayList<>(headers);
    this.body = body;
  }

  /// Mode A.
  static SignedCall json(String action, String body) {
    return v3("POST", "/", "application/json", action, body.getBytes(UTF_8));
  }

  /// Mode B.
  static SignedCall get(String action, String query) {
    String target = query.isEmpty() ? "/" : "/?" + query;
    return v3("GET", target, "application/x-www-form-urlencoded", action, new byte[0]);
  }

  static SignedCall v3(
      String method, String target, String contentType, String action, byte[] body) {
    var headers =
        List.of(
            new Header("Host", HOST),
            new Header("Content-Type", contentType),
            new Header("X-TC-Action", action),
            new Header("X-TC-Version", "2018-07-09"),
            new Header("X-TC-Timestamp", Long.toString(NOW.getEpochSecond())));
    return new SignedCall(method, target, headers, body);
  }

  /// Mode C, signed with `HmacSHA256`.
  static Request form(String secretId, String action, Map<String, String> parameters) {
    String body = v1("POST", secretId, action, parameters);
    return form(body);
  }

  /// Any form, as it is.
  static Request form(String body) {
    return Request.of(
        "POST",
        "/",
        Headers.of("Host", HOST, "Content-Type", "application/x-www-form-urlencoded"),
        body.getBytes(UTF_8));
  }

  /// Mode D.
  static Request query(String secretId, String action, Map<String, String> parameters) {
    return Request.get("/?" + v1("GET", secretId, action, parameters), Headers.of("Host", HOST));
  }

  /// The pairs of signature v1, encoded, with the signature. A parameter that is there twice or
  /// with an empty name overrides ours.
  static String v1(String method, String secretId, String action, Map<String, String> parameters) {
    var all = new TreeMap<String, String>();
    all.put("Action", action);
    all.put("Version", "2018-07-09");
    all.put("Timestamp", Long.toString(NOW.getEpochSecond()));
    all.put("Nonce", "11886");
    all.put("SecretId", secretId);
    all.put("SignatureMethod", "HmacSHA256");
    all.putAll(parameters);
    String source =
        all.entrySet().stream()
            .map(pair -> pair.getKey() + "=" + pair.getValue())
            .collect(Collectors.joining("&", method + HOST + "/?", ""));
    byte[] signature = hmac(SECRET_KEY.getBytes(UTF_8), source);
    all.put("Signature", Base64.getEncoder().encodeToString(signature));
    return all.entrySet().stream()
        .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  SignedCall by(String otherSecretId) {
    secretId = otherSecretId;
    return this;
  }

  SignedCall withKey(String otherSecretKey) {
    secretKey = otherSecretKey;
    return this;
  }

  SignedCall at(Instant time) {
    return header("X-TC-Timestamp", Long.toString(time.getEpochSecond()));
  }

  SignedCall method(String other) {
    method = other;
    return this;
  }

  SignedCall target(String other) {
    target = other;
    return this;
  }

  SignedCall body(byte[] other) {
    body = other;
    return this;
  }

  SignedCall body(String other) {
    return body(other.getBytes(UTF_8));
  }

  /// In place of the header of this name, or at the end.
  SignedCall header(String name, String value) {
    without(name);
    return also(name, value);
  }

  /// Beside what is there.
  SignedCall also(String name, String value) {
    headers.add(new Header(name, value));
    return this;
  }

  SignedCall without(String name) {
    headers.removeIf(header -> header.name().equalsIgnoreCase(name));
    return this;
  }

  /// Changes the Authorization header that is there.
  SignedCall authorization(UnaryOperator<String> change) {
    return header("Authorization", change.apply(value("Authorization")));
  }

  SignedCall signed() {
    String date =
        Instant.ofEpochSecond(Long.parseLong(value("X-TC-Timestamp")))
            .atOffset(ZoneOffset.UTC)
            .toLocalDate()
            .toString();
    return signed(date);
  }

  SignedCall signed(String date) {
    String scope = date + "/billing/tc3_request";
    int mark = target.indexOf('?');
    String query = method.equals("GET") && mark >= 0 ? target.substring(mark + 1) : "";
    byte[] payload = method.equals("GET") ? new byte[0] : body;
    String canonical =
        String.join(
            "\n",
            method,
            "/",
            query,
            "content-type:" + value("Content-Type"),
            "host:" + value("Host"),
            "",
            "content-type;host",
            hex(sha256(payload)));
    String text =
        String.join(
            "\n",
            "TC3-HMAC-SHA256",
            value("X-TC-Timestamp"),
            scope,
            hex(sha256(canonical.getBytes(UTF_8))));
    byte[] key = hmac(("TC3" + secretKey).getBytes(UTF_8), date);
    key = hmac(hmac(key, "billing"), "tc3_request");
    String signature = hex(hmac(key, text));
    return header(
        "Authorization",
        "TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%s"
            .formatted(secretId, scope, signature));
  }

  Request request() {
    return Request.of(method, target, new Headers(headers), body);
  }

  /// Signed, and ready.
  Request ready() {
    return signed().request();
  }

  private String value(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst()
        .orElse("");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
