package io.yunfu.wire.tc3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Signature v3, `TC3-HMAC-SHA256`. Source: billing 2018-07-09, section 1.5.
///
/// The server does not know exactly what the client signed: its name for the host, whether it
/// lower-cased values, whether it saw a path prefix. Each combination is a candidate, tried in the
/// order of likelihood; nearly every request matches the first.
public final class SignatureV3 implements Credentials.Signed {
  static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

  private static final HexFormat HEX = HexFormat.of();
  private static final String HASH_OF_NOTHING = HEX.formatHex(Crypto.sha256(new byte[0]));
  private static final String HASH_OF_UNSIGNED = payloadHash(UNSIGNED_PAYLOAD.getBytes(UTF_8));
  private static final int SIGNATURE_LENGTH = 64;

  /// 9999-12-31, the last date of four-digit years.
  private static final long LAST_SECOND = 253_402_300_799L;

  private final ReceivedRequest request;
  private final Authorization authorization;
  private final String timestampText;
  private final long timestamp;

  SignatureV3(
      ReceivedRequest request, Authorization authorization, String timestampText, long timestamp) {
    this.request = request;
    this.authorization = authorization;
    this.timestampText = timestampText;
    this.timestamp = timestamp;
  }

  @Override
  public String secretId() {
    return authorization.secretId();
  }

  @Override
  public boolean isSignedWith(Secret secret, PublicHosts hosts, @Nullable String forwardedHost) {
    byte[] claimed = parsed(authorization.signature());
    if (claimed == null || !authorization.date().equals(utcDate(timestamp))) {
      return false;
    }
    List<String> asReceived = signedValues();
    if (asReceived == null) {
      return false;
    }
    List<String> lowerCased = asReceived.stream().map(MediaType::lower).toList();
    var check =
        new Check(
            secret.signingKey(authorization.date(), authorization.service()),
            claimed,
            payloadHash(),
            asReceived,
            lowerCased);
    return hosts.any(Common.only(request.headers(), Common.HOST), forwardedHost, check::matches);
  }

  /// The candidates for one host: values as received, then lower-cased, each with the real path,
  /// then `/`.
  private final class Check {
    private final SigningKey key;
    private final byte[] claimed;
    private final String payloadHash;
    private final List<String> asReceived;
    private final List<String> lowerCased;

    Check(
        SigningKey key,
        byte[] claimed,
        String payloadHash,
        List<String> asReceived,
        List<String> lowerCased) {
      this.key = key;
      this.claimed = claimed;
      this.payloadHash = payloadHash;
      this.asReceived = asReceived;
      this.lowerCased = lowerCased;
    }

    boolean matches(String host) {
      if (matches(host, asReceived)) {
        return true;
      }
      String lowerHost = MediaType.lower(host);
      boolean same = lowerHost.equals(host) && lowerCased.equals(asReceived);
      return !same && matches(lowerHost, lowerCased);
    }

    private boolean matches(String host, List<String> values) {
      return matches(host, values, request.path())
          || (!request.path().equals("/") && matches(host, values, "/"));
    }

    private boolean matches(String host, List<String> values, String path) {
      String canonical =
          canonicalRequest(
              request.method(),
              path,
              request.isGet() ? request.query() : null,
              authorization.signedHeaders(),
              values,
              host,
              authorization.signedHeadersText(),
              payloadHash);
      String text =
          stringToSign(timestampText, authorization.date(), authorization.service(), canonical);
      return MessageDigest.isEqual(key.sign(text), claimed);
    }
  }

  /// The values of the signed headers, in their order; `null` when one of them did not arrive. The
  /// host's is put in per candidate.
  private @Nullable List<String> signedValues() {
    List<String> values = new ArrayList<>(authorization.signedHeaders().size());
    for (String name : authorization.signedHeaders()) {
      if (name.equals("host")) {
        values.add("");
        continue;
      }
      List<String> received = request.headers().all(name);
      if (received.size() != 1) {
        return null;
      }
      values.add(received.getFirst().strip());
    }
    return values;
  }

  private String payloadHash() {
    String declared = Common.only(request.headers(), Common.CONTENT_SHA256);
    if (UNSIGNED_PAYLOAD.equals(declared)) {
      return HASH_OF_UNSIGNED;
    }
    return request.isGet() ? HASH_OF_NOTHING : payloadHash(request.body());
  }

  static String payloadHash(byte[] payload) {
    return HEX.formatHex(Crypto.sha256(payload));
  }

  static String canonicalRequest(
      String method,
      String path,
      @Nullable String query,
      List<String> names,
      List<String> values,
      String host,
      String signedHeaders,
      String payloadHash) {
    var text = new StringBuilder(320);
    text.append(method).append('\n').append(path).append('\n');
    if (query != null) {
      text.append(query);
    }
    text.append('\n');
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      text.append(name).append(':').append(name.equals("host") ? host : values.get(i)).append('\n');
    }
    return text.append('\n').append(signedHeaders).append('\n').append(payloadHash).toString();
  }

  static String stringToSign(
      String timestamp, String date, String service, String canonicalRequest) {
    String hash = HEX.formatHex(Crypto.sha256(canonicalRequest.getBytes(UTF_8)));
    return Authorization.ALGORITHM
        + "\n"
        + timestamp
        + "\n"
        + date
        + "/"
        + service
        + "/tc3_request\n"
        + hash;
  }

  /// The UTC date of a Unix time, `yyyy-MM-dd`; empty for what no client's clock shows.
  static String utcDate(long timestamp) {
    return timestamp < 0 || timestamp > LAST_SECOND
        ? ""
        : LocalDate.ofEpochDay(timestamp / 86_400).toString();
  }

  /// Lower-case hex of 32 bytes, or `null`: then it cannot be the signature.
  private static byte @Nullable [] parsed(String signature) {
    if (signature.length() != SIGNATURE_LENGTH) {
      return null;
    }
    for (int i = 0; i < SIGNATURE_LENGTH; i++) {
      char c = signature.charAt(i);
      if (!HexFormat.isHexDigit(c) || Character.isUpperCase(c)) {
        return null;
      }
    }
    return HEX.parseHex(signature);
  }

  /// Without the signature: what identifies the claim, for a log line.
  @Override
  public String toString() {
    return "SignatureV3[" + secretId() + "]";
  }
}
