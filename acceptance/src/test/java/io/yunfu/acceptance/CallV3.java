package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// One call with signature v3, to the byte, the way some client writes it. Begins as what the
/// documents show and is changed into what a client really sends.
final class CallV3 {
  private final Key key;
  private final String method;
  private final String action;
  private String query = "";
  private String contentType;
  private byte[] body;
  private String host = "";
  private String signedHost = "";
  private String service = "billing";
  private boolean lowerCaseNames;
  private boolean chunked;
  private boolean unsignedPayload;
  private long timestamp = Instant.now().getEpochSecond();
  private final List<String> more = new ArrayList<>();

  private CallV3(Key key, String method, String action, String contentType, byte[] body) {
    this.key = key;
    this.method = method;
    this.action = action;
    this.contentType = contentType;
    this.body = body;
  }

  /// Mode A: parameters as JSON.
  static CallV3 post(Key key, String action, String json) {
    return new CallV3(key, "POST", action, "application/json", json.getBytes(UTF_8));
  }

  /// Mode B: parameters in the query, already encoded.
  static CallV3 get(Key key, String action, String query) {
    var call = new CallV3(key, "GET", action, "application/x-www-form-urlencoded", new byte[0]);
    call.query = query;
    return call;
  }

  CallV3 contentType(String other) {
    contentType = other;
    return this;
  }

  CallV3 body(byte[] other) {
    body = other;
    return this;
  }

  /// What is sent as `Host`; by default address and port.
  CallV3 host(String other) {
    host = other;
    return this;
  }

  /// What is signed as `host`; by default what is sent.
  CallV3 signedHost(String other) {
    signedHost = other;
    return this;
  }

  /// What stands between date and `tc3_request`.
  CallV3 service(String other) {
    service = other;
    return this;
  }

  CallV3 at(long seconds) {
    timestamp = seconds;
    return this;
  }

  CallV3 lowerCaseNames() {
    lowerCaseNames = true;
    return this;
  }

  CallV3 chunked() {
    chunked = true;
    return this;
  }

  CallV3 unsignedPayload() {
    unsignedPayload = true;
    return header("X-TC-Content-SHA256", "UNSIGNED-PAYLOAD");
  }

  CallV3 header(String name, String value) {
    more.add(name + ": " + value);
    return this;
  }

  Answer to(int port) throws IOException {
    return Connection.exchange(port, bytes(port));
  }

  /// The request for a server at a port of this machine.
  byte[] bytes(int port) {
    String sent = host.isEmpty() ? "127.0.0.1:" + port : host;
    var lines = new ArrayList<String>();
    lines.add("Host: " + sent);
    lines.add("Content-Type: " + contentType);
    lines.add("X-TC-Action: " + action);
    lines.add("X-TC-Version: 2018-07-09");
    lines.add("X-TC-Timestamp: " + timestamp);
    lines.add("Authorization: " + authorization(signedHost.isEmpty() ? sent : signedHost));
    if (!key.token().isEmpty()) {
      lines.add("X-TC-Token: " + key.token());
    }
    if (chunked) {
      lines.add("Transfer-Encoding: chunked");
    } else if (!method.equals("GET")) {
      lines.add("Content-Length: " + body.length);
    }
    lines.addAll(more);
    var head = new StringBuilder(method).append(" /");
    head.append(query.isEmpty() ? "" : "?" + query).append(" HTTP/1.1\r\n");
    for (String line : lines) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon);
      head.append(lowerCaseNames ? name.toLowerCase(java.util.Locale.ROOT) : name);
      head.append(line.substring(colon)).append("\r\n");
    }
    head.append("\r\n");
    var all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(UTF_8));
    all.writeBytes(chunked ? inChunks(body) : body);
    return all.toByteArray();
  }

  private String authorization(String signed) {
    String date =
        Instant.ofEpochSecond(timestamp).atOffset(ZoneOffset.UTC).toLocalDate().toString();
    String scope = date + "/" + service + "/tc3_request";
    String canonical =
        String.join(
            "\n",
            method,
            "/",
            query,
            "content-type:" + contentType,
            "host:" + signed,
            "",
            "content-type;host",
            unsignedPayload ? Signing.sha256("UNSIGNED-PAYLOAD") : Signing.sha256(body));
    return "TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%s"
        .formatted(
            key.secretId(),
            scope,
            // The service can hold a colon, but no slash.
            Signing.v3(key.secretKey(), canonical, Long.toString(timestamp), scope));
  }

  /// Pieces of seven bytes, which cut through characters and values alike.
  private static byte[] inChunks(byte[] bytes) {
    var chunks = new ByteArrayOutputStream();
    for (int from = 0; from < bytes.length; from += 7) {
      int length = Math.min(7, bytes.length - from);
      chunks.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(UTF_8));
      chunks.write(bytes, from, length);
      chunks.writeBytes("\r\n".getBytes(UTF_8));
    }
    chunks.writeBytes("0\r\n\r\n".getBytes(UTF_8));
    return chunks.toByteArray();
  }
}
