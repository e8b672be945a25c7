package io.yunfu.wire.tc3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request that says which action of which version it wants, and when it was made. Whether the
/// action exists and the caller is who it claims to be is still to be asked, in the order of the
/// methods below.
public final class ApiCall {
  /// How far a client's clock may be off, either way. Source: billing 2018-07-09, section 1.8.
  public static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

  private static final ErrorTemplate OTHER_WINDOW =
      CommonErrors.SIGNATURE_EXPIRE.saying(
          "Timestamp `{0}` is outside the window of `{1}` seconds.",
          "时间戳 `{0}` 与服务器时间相差超过 `{1}` 秒。");

  /// Unit: characters. The longest known SecretId has 36; a longer one than this cannot exist, and
  /// is not worth a lookup or a place in a cache.
  private static final int MAX_SECRET_ID = 128;

  /// Unit: characters. What we are ready to send back as a header.
  private static final int MAX_TRACE_ID = 128;

  private final DecodedRequest decoded;
  private final String action;
  private final String version;
  private final String timestampText;
  private final long timestamp;

  ApiCall(
      DecodedRequest decoded, String action, String version, String timestampText, long timestamp) {
    this.decoded = decoded;
    this.action = action;
    this.version = version;
    this.timestampText = timestampText;
    this.timestamp = timestamp;
  }

  /// Step 5.
  public void requireVersion(String served) {
    if (!version.equals(served)) {
      throw CommonErrors.NO_SUCH_VERSION.refused(version);
    }
  }

  /// For step 6, which belongs to whoever knows the actions.
  public ApiRefused unknownAction() {
    return CommonErrors.INVALID_ACTION.refused(action, version);
  }

  /// Step 7: credentials are there and well-formed.
  public Credentials credentials() {
    return decoded.mode().usesHeaders() ? v3() : v1();
  }

  private Credentials v3() {
    List<String> headers = decoded.request().headers().all(Common.AUTHORIZATION);
    if (headers.size() != 1) {
      throw CommonErrors.INVALID_AUTHORIZATION.refused();
    }
    String header = headers.getFirst().strip();
    if (header.equals(Authorization.SKIP)) {
      return new Credentials.Skipped();
    }
    Authorization authorization = Authorization.parse(header);
    if (authorization == null) {
      throw CommonErrors.INVALID_AUTHORIZATION.refused();
    }
    requireShort(authorization.secretId());
    return new SignatureV3(decoded.request(), authorization, timestampText, timestamp);
  }

  private Credentials v1() {
    String secretId = required(Common.SECRET_ID);
    requirePositive(required(Common.NONCE));
    String signature = required(Common.SIGNATURE);
    String method = decoded.plain(Common.SIGNATURE_METHOD);
    String algorithm =
        switch (method == null ? Crypto.HMAC_SHA1 : method) {
          case Crypto.HMAC_SHA1 -> Crypto.HMAC_SHA1;
          case Crypto.HMAC_SHA256 -> Crypto.HMAC_SHA256;
          case String other ->
              throw CommonErrors.INVALID_PARAMETER_VALUE.refused(other, Common.SIGNATURE_METHOD);
        };
    requireShort(secretId);
    return new SignatureV1(decoded.request(), decoded.pairs(), secretId, algorithm, signature);
  }

  private String required(String name) {
    String value = decoded.plain(name);
    if (value == null) {
      throw CommonErrors.MISSING_PARAMETER.refused(name);
    }
    return value;
  }

  private static void requirePositive(String nonce) {
    Long number = Conversions.wholeNumber(nonce);
    if (number == null) {
      throw CommonErrors.INVALID_PARAMETER.refused(Common.NONCE, "Integer");
    }
    if (number <= 0) {
      throw CommonErrors.INVALID_PARAMETER_VALUE.refused(number, Common.NONCE);
    }
  }

  private static void requireShort(String secretId) {
    if (secretId.length() > MAX_SECRET_ID) {
      throw CommonErrors.SECRET_ID_NOT_FOUND.refused();
    }
  }

  /// Step 9: the timestamp is at most [#CLOCK_TOLERANCE] away from `now`, to either side.
  public void requireFresh(Instant now) {
    requireFresh(now, CLOCK_TOLERANCE);
  }

  /// The same for a server whose operator allows more or less.
  public void requireFresh(Instant now, Duration tolerance) {
    boolean fresh =
        timestamp >= 0
            && timestamp <= Instant.MAX.getEpochSecond()
            && Duration.between(Instant.ofEpochSecond(timestamp), now).abs().compareTo(tolerance)
                <= 0;
    if (!fresh) {
      throw tolerance.equals(CLOCK_TOLERANCE)
          ? CommonErrors.SIGNATURE_EXPIRE.refused(timestampText)
          : OTHER_WINDOW.refused(timestampText, tolerance.toSeconds());
    }
  }

  /// Step 11, for temporary keys only: the token belongs to the key. Constant time.
  public void requireToken(String expected) {
    String token = decoded.common(Common.TOKEN);
    if (token == null || !MessageDigest.isEqual(token.getBytes(UTF_8), expected.getBytes(UTF_8))) {
      throw CommonErrors.TOKEN_FAILURE.refused();
    }
  }

  /// The same where only the SHA-256 of the token is known.
  public void requireTokenOf(byte[] sha256) {
    String token = decoded.common(Common.TOKEN);
    if (token == null || !MessageDigest.isEqual(Crypto.sha256(token.getBytes(UTF_8)), sha256)) {
      throw CommonErrors.TOKEN_FAILURE.refused();
    }
  }

  /// Step 13 begins here.
  public Parameters parameters() {
    return new Parameters(decoded.root(), decoded.mode().isFlattened());
  }

  public String action() {
    return action;
  }

  public String version() {
    return version;
  }

  /// Unix seconds, as claimed.
  public long timestamp() {
    return timestamp;
  }

  public Mode mode() {
    return decoded.mode();
  }

  public Language language() {
    return decoded.language();
  }

  /// Billing needs no region and never refuses one; `null` when absent, empty or the text `null`,
  /// which Node sends for "none".
  public @Nullable String region() {
    String region = decoded.hint(Common.REGION);
    return region == null || region.equals("null") ? null : Echo.of(region);
  }

  /// The client's banner, such as `SDK_JAVA_3.1.1436`, fit for a log line; `null` when absent.
  public @Nullable String client() {
    String client = decoded.hint(Common.REQUEST_CLIENT);
    return client == null ? null : Echo.of(client);
  }

  /// The trace id to send back as `X-TC-TraceId`; `null` when absent or not fit for a header.
  public @Nullable String traceId() {
    return traceId(decoded.request().headers());
  }

  /// The same for a request that could not be decoded.
  public static @Nullable String traceId(HeaderLookup headers) {
    List<String> values = headers.all(Common.TRACE_ID);
    if (values.size() != 1) {
      return null;
    }
    String trace = values.getFirst().strip();
    boolean fit =
        !trace.isEmpty()
            && trace.length() <= MAX_TRACE_ID
            && trace.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return fit ? trace : null;
  }

  @Override
  public String toString() {
    return "ApiCall[" + Echo.of(action) + " " + decoded.mode() + "]";
  }
}
