package io.yunfu.wire.tc3;

import static io.yunfu.kernel.Check.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.wire.tc3.FormBody.Pair;
import io.yunfu.wire.tc3.SignedRequest.Header;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The client's side: makes signed requests in all modes. For load generators and black-box tests;
/// it can imitate what each official client does differently. Immutable; any thread may use it.
///
/// ```java
/// var signer = Signer.to("127.0.0.1:8080", secretId, Secret.of(secretKey)).build();
/// SignedRequest request = signer.sign("PayDeals", Map.of("OrderIds", ids), now.getEpochSecond());
/// ```
public final class Signer {
  private static final String BOUNDARY = "yunfu-2f1c9a7d53";
  private static final byte[] NO_BODY = {};

  private final String host;
  private final String secretId;
  private final Secret secret;
  private final Mode mode;
  private final String version;
  private final String service;
  private final String signedHost;
  private final String hmac;
  private final long nonce;
  private final boolean signsAction;
  private final boolean unsignedPayload;
  private final @Nullable String token;
  private final @Nullable Language language;
  private final @Nullable String region;

  private Signer(Builder builder) {
    this.host = builder.host;
    this.secretId = builder.secretId;
    this.secret = builder.secret;
    this.mode = builder.mode;
    this.version = builder.version;
    this.service = builder.service;
    this.signedHost = builder.signedHost;
    this.hmac = builder.hmac;
    this.nonce = builder.nonce;
    this.signsAction = builder.signsAction;
    this.unsignedPayload = builder.unsignedPayload;
    this.token = builder.token;
    this.language = builder.language;
    this.region = builder.region;
  }

  /// A client of a server.
  ///
  /// @param host as sent in the `Host` header: with the port, unless it is the scheme's own
  public static Builder to(String host, String secretId, Secret secret) {
    require(!host.isEmpty(), "a client needs a host");
    return new Builder(host, secretId, secret);
  }

  /// How requests are made. Without further calls: mode A, the way Java does it.
  public static final class Builder {
    private final String host;
    private final String secretId;
    private final Secret secret;
    private Mode mode = Mode.JSON;
    private String version = "2018-07-09";
    private String service;
    private String signedHost;
    private String hmac = Crypto.HMAC_SHA256;
    private long nonce = 1;
    private boolean signsAction;
    private boolean unsignedPayload;
    private @Nullable String token;
    private @Nullable Language language;
    private @Nullable String region;

    private Builder(String host, String secretId, Secret secret) {
      this.host = host;
      this.secretId = secretId;
      this.secret = secret;
      this.signedHost = host;
      int dot = host.indexOf('.');
      this.service = dot < 0 ? host : host.substring(0, dot);
    }

    /// Where parameters go, and with it the version of the signature.
    public Builder mode(Mode chosen) {
      this.mode = chosen;
      return this;
    }

    /// The API's version.
    public Builder version(String called) {
      this.version = called;
      return this;
    }

    /// The service in the Credential of v3, if not the first piece of the host.
    public Builder service(String named) {
      this.service = named;
      return this;
    }

    /// The host that is signed, if not the one that is sent: Node leaves the port out.
    public Builder signedHost(String signed) {
      this.signedHost = signed;
      return this;
    }

    /// Signature v1 with SHA-1 instead of SHA-256.
    public Builder hmacSha1() {
      this.hmac = Crypto.HMAC_SHA1;
      return this;
    }

    /// The nonce of signature v1; servers do not look whether it was used before.
    public Builder nonce(long positive) {
      this.nonce = positive;
      return this;
    }

    /// Signs `x-tc-action`, too, lower-cased, as hand-written clients often do.
    public Builder signAction() {
      this.signsAction = true;
      return this;
    }

    /// Leaves the body out of signature v3.
    public Builder unsignedPayload() {
      this.unsignedPayload = true;
      return this;
    }

    /// The security token of temporary keys.
    public Builder token(String given) {
      this.token = given;
      return this;
    }

    /// The language of error messages.
    public Builder language(Language wanted) {
      this.language = wanted;
      return this;
    }

    /// Sent as it is, also when empty.
    public Builder region(String sent) {
      this.region = sent;
      return this;
    }

    public Signer build() {
      return new Signer(this);
    }
  }

  /// One call of an action.
  ///
  /// @param parameters String, Integer, Long, BigDecimal, Boolean, and lists and maps of these;
  ///   sent in the order of the map
  /// @param timestamp Unix seconds
  public SignedRequest sign(String action, Map<String, ?> parameters, long timestamp) {
    return switch (mode) {
      case JSON ->
          v3("POST", "/", MediaType.JSON, OutgoingParameters.json(parameters), action, timestamp);
      case QUERY_V3 ->
          v3("GET", target(flattened(parameters)), MediaType.FORM, NO_BODY, action, timestamp);
      case FORM_V3 ->
          v3("POST", "/", MediaType.FORM, flattened(parameters).getBytes(UTF_8), action, timestamp);
      case MULTIPART ->
          v3(
              "POST",
              "/",
              MediaType.MULTIPART + "; boundary=" + BOUNDARY,
              OutgoingParameters.multipart(parameters, BOUNDARY),
              action,
              timestamp);
      case QUERY_V1 -> {
        String query = v1("GET", action, parameters, timestamp);
        yield new SignedRequest("GET", target(query), List.of(hostHeader()), NO_BODY);
      }
      case FORM_V1 -> {
        byte[] body = v1("POST", action, parameters, timestamp).getBytes(UTF_8);
        var contentType = new Header(Common.CONTENT_TYPE, MediaType.FORM);
        yield new SignedRequest("POST", "/", List.of(hostHeader(), contentType), body);
      }
    };
  }

  private static String flattened(Map<String, ?> parameters) {
    return OutgoingParameters.encoded(OutgoingParameters.flattened(parameters));
  }

  private static String target(String query) {
    return query.isEmpty() ? "/" : "/?" + query;
  }

  private Header hostHeader() {
    return new Header(Common.HOST, host);
  }

  private SignedRequest v3(
      String method,
      String target,
      String contentType,
      byte[] body,
      String action,
      long timestamp) {
    List<Header> headers = new ArrayList<>();
    headers.add(hostHeader());
    headers.add(new Header(Common.CONTENT_TYPE, contentType));
    headers.add(new Header(Common.ACTION.header, action));
    headers.add(new Header(Common.VERSION.header, version));
    headers.add(new Header(Common.TIMESTAMP.header, Long.toString(timestamp)));
    add(headers, Common.TOKEN, token);
    add(headers, Common.LANGUAGE, tag(language));
    add(headers, Common.REGION, region);
    if (unsignedPayload) {
      headers.add(new Header(Common.CONTENT_SHA256, SignatureV3.UNSIGNED_PAYLOAD));
    }
    String authorization = authorization(method, target, contentType, body, action, timestamp);
    headers.add(new Header(Common.AUTHORIZATION, authorization));
    return new SignedRequest(method, target, headers, body);
  }

  private static void add(List<Header> headers, Common parameter, @Nullable String value) {
    if (value != null) {
      headers.add(new Header(parameter.header, value));
    }
  }

  private static @Nullable String tag(@Nullable Language language) {
    return language == null ? null : language.tag();
  }

  private String authorization(
      String method,
      String target,
      String contentType,
      byte[] body,
      String action,
      long timestamp) {
    List<String> names = new ArrayList<>(List.of("content-type", "host"));
    List<String> values = new ArrayList<>(List.of(contentType, ""));
    if (signsAction) {
      names.add("x-tc-action");
      values.add(MediaType.lower(action));
    }
    String signedHeaders = String.join(";", names);
    String date = SignatureV3.utcDate(timestamp);
    String canonical =
        SignatureV3.canonicalRequest(
            method,
            "/",
            target.length() > 1 ? target.substring(2) : null,
            names,
            values,
            signedHost,
            signedHeaders,
            payloadHash(body));
    String text = SignatureV3.stringToSign(Long.toString(timestamp), date, service, canonical);
    String signature = HexFormat.of().formatHex(secret.signingKey(date, service).sign(text));
    return Authorization.ALGORITHM
        + " Credential="
        + secretId
        + "/"
        + date
        + "/"
        + service
        + "/tc3_request, SignedHeaders="
        + signedHeaders
        + ", Signature="
        + signature;
  }

  private String payloadHash(byte[] body) {
    return SignatureV3.payloadHash(
        unsignedPayload ? SignatureV3.UNSIGNED_PAYLOAD.getBytes(UTF_8) : body);
  }

  /// All parameters with their signature, form-encoded.
  private String v1(String method, String action, Map<String, ?> parameters, long timestamp) {
    List<Pair> pairs = new ArrayList<>(OutgoingParameters.flattened(parameters));
    pairs.add(new Pair(Common.ACTION.parameter, action));
    pairs.add(new Pair(Common.VERSION.parameter, version));
    pairs.add(new Pair(Common.TIMESTAMP.parameter, Long.toString(timestamp)));
    pairs.add(new Pair(Common.NONCE, Long.toString(nonce)));
    pairs.add(new Pair(Common.SECRET_ID, secretId));
    pairs.add(new Pair(Common.SIGNATURE_METHOD, hmac));
    addPair(pairs, Common.TOKEN, token);
    addPair(pairs, Common.LANGUAGE, tag(language));
    addPair(pairs, Common.REGION, region);
    String source =
        SignatureV1.source(method, signedHost, "/", SignatureV1.sorted(pairs), false, false);
    pairs.add(new Pair(Common.SIGNATURE, SignatureV1.signature(secret, hmac, source)));
    return OutgoingParameters.encoded(pairs);
  }

  private static void addPair(List<Pair> pairs, Common parameter, @Nullable String value) {
    if (value != null) {
      pairs.add(new Pair(parameter.parameter, value));
    }
  }
}
