package io.yunfu.server.api.billing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.server.http.Header;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A request as it is written down in `request.http`: request line, headers, an empty line, and the
/// body up to the newline that ends the file.
///
/// One that is written by hand says `Authorization: sign SECRETID`; recording puts the signature in
/// its place.
record RecordedRequest(String method, String target, List<Header> headers, String body) {
  private static final String TO_SIGN = "sign ";

  static RecordedRequest parse(String text) {
    int empty = text.indexOf("\n\n");
    List<String> head = text.substring(0, empty).lines().toList();
    String body = text.substring(empty + 2);
    List<String> line = List.of(head.getFirst().split(" ", -1));
    var headers = new ArrayList<Header>();
    for (String field : head.subList(1, head.size())) {
      int colon = field.indexOf(':');
      headers.add(new Header(field.substring(0, colon), field.substring(colon + 1).strip()));
    }
    return new RecordedRequest(
        line.get(0),
        line.get(1),
        headers,
        body.endsWith("\n") ? body.substring(0, body.length() - 1) : body);
  }

  Request request() {
    return Request.of(method, target, new Headers(headers), body.getBytes(UTF_8));
  }

  boolean isToSign() {
    return headers.stream().anyMatch(header -> header.value().startsWith(TO_SIGN))
        || body.contains("Signature=sign")
        || target.contains("Signature=sign");
  }

  RecordedRequest signed() {
    if (body.contains("Signature=sign")) {
      return new RecordedRequest(method, target, headers, v1(body));
    }
    if (target.contains("Signature=sign")) {
      return new RecordedRequest(method, "/?" + v1(target.substring(2)), headers, body);
    }
    var call = SignedCall.v3(method, target, "", "", body.getBytes(UTF_8));
    String secretId = "";
    for (Header header : headers) {
      if (header.name().equals("Authorization")) {
        secretId = header.value().substring(TO_SIGN.length());
      } else {
        call.header(header.name(), header.value());
      }
    }
    Request signed = call.by(secretId).signed().request();
    var inOrder = new ArrayList<Header>();
    for (Header header : headers) {
      String value = signed.headers().first(header.name()).orElseThrow();
      inOrder.add(new Header(header.name(), value));
    }
    return new RecordedRequest(method, target, inOrder, body);
  }

  private String v1(String pairs) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : pairs.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (!pair.startsWith("Signature=")) {
        parameters.put(
            pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
    return SignedCall.v1(method, parameters.get("SecretId"), parameters.get("Action"), parameters);
  }

  String text() {
    var text = new StringBuilder(method + " " + target + " HTTP/1.1\n");
    headers.forEach(header -> text.append(header.name() + ": " + header.value() + "\n"));
    return text.append("\n").append(body).append(body.isEmpty() ? "" : "\n").toString();
  }
}
