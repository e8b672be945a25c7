package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Type.BOOLEAN;
import static io.yunfu.wire.tc3.Type.FLOAT;
import static io.yunfu.wire.tc3.Type.INTEGER;
import static io.yunfu.wire.tc3.Type.STRING;
import static io.yunfu.wire.tc3.Type.TIMESTAMP;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
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

  /// Adds the Authorization header that a v3 client would, over what is there so far.
  Requests sign() {
    ReceivedRequest received = received();
    String host = received.headers().all("Host").getFirst();
    String canonical =
        SignatureV3.canonicalRequest(
            method,
            path,
            query,
            List.of("content-type", "host"),
            List.of(received.headers().all("Content-Type").getFirst(), ""),
            host,
            "content-type;host",
            SignatureV3.payloadHash(method.equals("GET") ? new byte[0] : body));
    String text = SignatureV3.stringToSign(Long.toString(NOON), "2026-01-01", "billing", canonical);
    return authorization(
        "2026-01-01/billing",
        "content-type;host",
        HexFormat.of().formatHex(SECRET.signingKey("2026-01-01", "billing").sign(text)));
  }

  /// A signed JSON call of PayDeals.
  static Requests signedJson(String body) {
    return json(body).sign();
  }

  /// A signed v3 GET of PayDeals.
  static Requests signedGet(String query) {
    return get(query).header("Content-Type", "application/x-www-form-urlencoded").common().sign();
  }

  /// A v1 form of PayDeals with these pairs before the common ones; signed if they can be decoded.
  static Requests signedForm(String pairs) {
    String unsigned = pairs + "&" + COMMON_V1;
    String signature = "none";
    try {
      String source =
          SignatureV1.source(
              "POST",
              "billing.tencentcloudapi.com",
              "/",
              SignatureV1.sorted(FormBody.pairs(unsigned, Limits.DEFAULTS)),
              false,
              false);
      signature = SignatureV1.signature(SECRET, "HmacSHA256", source);
    } catch (ApiRefused malformed) {
      // Whoever asks for this wants to see it refused.
    }
    return form(unsigned + "&Signature=" + URLEncoder.encode(signature, UTF_8))
        .header("Host", "billing.tencentcloudapi.com");
  }

  static final String COMMON_V1 =
      "Action=PayDeals&Version=2018-07-09&Timestamp="
          + NOON
          + "&Nonce=1&SecretId=AKIDEXAMPLE&SignatureMethod=HmacSHA256";

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

  /// The whole way of a call up to its parameters, in the documented order.
  PayDeals pipeline() {
    ApiCall call = call();
    call.requireVersion("2018-07-09");
    if (!call.action().equals("PayDeals")) {
      throw call.unknownAction();
    }
    if (!(call.credentials() instanceof Credentials.Signed signed)) {
      throw CommonErrors.INVALID_AUTHORIZATION.refused();
    }
    if (!signed.secretId().equals(SECRET_ID)) {
      throw CommonErrors.SECRET_ID_NOT_FOUND.refused();
    }
    call.requireFresh(Instant.ofEpochSecond(NOON));
    signed.requireSignedWith(SECRET, PublicHosts.VENDOR, null);
    return call.parameters().read(PayDeals::of);
  }

  /// The parameters of PayDeals, as an action would declare them, and one of each other type.
  record PayDeals(
      List<String> orderIds,
      long autoVoucher,
      @Nullable String cpsUin,
      @Nullable Boolean flag,
      @Nullable BigDecimal rate,
      @Nullable Instant since,
      List<Long> statuses,
      List<Filter> filters,
      @Nullable Filter only) {
    static PayDeals of(ParameterReader in) {
      return new PayDeals(
          in.requiredList("OrderIds", STRING),
          in.optional("AutoVoucher", INTEGER, 0L),
          in.optional("CpsUin", STRING),
          in.optional("Flag", BOOLEAN),
          in.optional("Rate", FLOAT),
          in.optional("Since", TIMESTAMP),
          in.list("StatusSet", INTEGER),
          in.list("Filters", Type.object(Filter::of)),
          in.optional("Only", Type.object(Filter::of)));
    }
  }

  record Filter(String name, List<String> values) {
    static Filter of(ParameterReader in) {
      return new Filter(in.required("Name", STRING), in.list("Values", STRING));
    }
  }

  boolean verifies() {
    return signed().isSignedWith(SECRET, PublicHosts.VENDOR, null);
  }
}
