package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One call with signature v1, to the byte.
final class CallV1 {
  private final Key key;
  private final String method;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private String signatureMethod = "HmacSHA256";
  private String host = "";
  private String spelledSpace = "+";
  private boolean emptyPairsUnsigned;

  private CallV1(Key key, String method, String action) {
    this.key = key;
    this.method = method;
    parameters.put("Action", action);
  }

  /// Mode D.
  static CallV1 get(Key key, String action) {
    return new CallV1(key, "GET", action);
  }

  /// Mode C.
  static CallV1 post(Key key, String action) {
    return new CallV1(key, "POST", action);
  }

  CallV1 with(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  CallV1 signatureMethod(String other) {
    signatureMethod = other;
    return this;
  }

  /// What is sent as `Host` and signed; by default address and port.
  CallV1 host(String other) {
    host = other;
    return this;
  }

  /// As Node spells it, not `+`.
  CallV1 spacesAsPercent20() {
    spelledSpace = "%20";
    return this;
  }

  /// As Go does it.
  CallV1 emptyPairsUnsigned() {
    emptyPairsUnsigned = true;
    return this;
  }

  Answer to(int port) throws IOException {
    return Connection.exchange(port, bytes(port));
  }

  byte[] bytes(int port) {
    String sent = host.isEmpty() ? "127.0.0.1:" + port : host;
    var all = new LinkedHashMap<>(parameters);
    all.put("Version", "2018-07-09");
    all.put("Timestamp", Long.toString(Instant.now().getEpochSecond()));
    all.put("Nonce", "11886");
    all.put("SecretId", key.secretId());
    all.put("SignatureMethod", signatureMethod);
    if (!key.token().isEmpty()) {
      all.put("Token", key.token());
    }
    String source =
        new TreeMap<>(all)
            .entrySet().stream()
                .filter(pair -> !(emptyPairsUnsigned && pair.getValue().isEmpty()))
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .collect(Collectors.joining("&", method + sent + "/?", ""));
    all.put("Signature", Signing.v1(key.secretKey(), signatureMethod, source));
    String pairs =
        all.entrySet().stream()
            .map(pair -> pair.getKey() + "=" + encoded(pair.getValue()))
            .collect(Collectors.joining("&"));
    String request =
        method.equals("GET")
            ? "GET /?%s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(pairs, sent)
            : "POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(sent, pairs.length(), pairs);
    return request.getBytes(UTF_8);
  }

  private String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", spelledSpace);
  }
}
