package io.yunfu.wire.tc3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests as a server receives them, written out header by header.
final class Requests {
  static final String SECRET_ID = "AKIDEXAMPLE";
  static final Secret SECRET = Secret.of("SKEXAMPLE");
  static final long NOON = 1767268800L;
  static final String BODY_J = "{\"OrderIds\":[\"20260101000000000000011\"],\"AutoVoucher\":1}";

  private String method = "POST";
  private String path = "/";
  private @Nullable String query;
  private byte[] body = {};
  private final List<String[]> headers = new ArrayList<>();

  private Requests() {}

  static Requests post(String body) {
    return post(body.getBytes(UTF_8));
  }

  static Requests post(byte[] body) {
    var request = new Requests();
    request.body = body;
    return request;
  }

  static Requests get(@Nullable String query) {
    var request = new Requests();
    request.method = "GET";
    request.query = query;
    return request;
  }

  /// A JSON call of PayDeals with all it needs but an Authorization header.
  static Requests json(String body) {
    return post(body).header("Content-Type", "application/json").common();
  }

  static Requests form(String body) {
    return post(body).header("Content-Type", "application/x-www-form-urlencoded");
  }

  /// The common headers of a v3 call of PayDeals.
  Requests common() {
    return header("Host", "billing.tencentcloudapi.com")
        .header("X-TC-Action", "PayDeals")
        .header("X-TC-Version", "2018-07-09")
        .header("X-TC-Timestamp", Long.toString(NOON));
  }

  Requests authorization(String scope, String signedHeaders, String signature) {
    return header(
        "Authorization",
        "TC3-HMAC-SHA256 Credential="
            + SECRET_ID
            + "/"
            + scope
            + "/tc3_request, SignedHeaders="
            + signedHeaders
            + ", Signature="
            + signature);
  }

  Requests header(String name, String value) {
    headers.add(new String[] {name, value});
    return this;
  }

  /// Replaces every value of a header; `null` takes it away.
  Requests with(String name, @Nullable String value) {
    headers.removeIf(header -> header[0].equalsIgnoreCase(name));
    return value == null ? this : header(name, value);
  }

  Requests method(String method) {
    this.method = method;
    return this;
  }

  Requests path(String path) {
    this.path = path;
    return this;
  }

  ReceivedRequest received() {
    List<String[]> received = List.copyOf(headers);
    HeaderLookup lookup =
        name ->
            received.stream()
                .filter(header -> header[0].equalsIgnoreCase(name))
                .map(header -> header[1])
                .toList();
    return new ReceivedRequest(method, path, query, lookup, body);
  }

  DecodedRequest decoded() {
    return DecodedRequest.of(received(), Limits.DEFAULTS);
  }

  ApiCall call() {
    return decoded().call();
  }

  Credentials.Signed signed() {
    return (Credentials.Signed) call().credentials();
  }

  boolean verifies() {
    return signed().isSignedWith(SECRET, PublicHosts.VENDOR, null);
  }
}
