package io.yunfu.wire.tc3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.wire.tc3.FormBody.Pair;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Signature v1, `HmacSHA1` or `HmacSHA256` over the sorted, decoded parameters. Source: billing
/// 2018-07-09, section 1.6.
public final class SignatureV1 implements Credentials.Signed {
  private final ReceivedRequest request;
  private final List<Pair> sorted;
  private final String secretId;
  private final String algorithm;
  private final byte[] claimed;

  /// @param pairs all parameters, decoded, the signature among them
  SignatureV1(
      ReceivedRequest request,
      List<Pair> pairs,
      String secretId,
      String algorithm,
      String signature) {
    this.request = request;
    this.sorted = sorted(pairs);
    this.secretId = secretId;
    this.algorithm = algorithm;
    this.claimed = signature.getBytes(UTF_8);
  }

  @Override
  public String secretId() {
    return secretId;
  }

  @Override
  public boolean isSignedWith(Secret secret, PublicHosts hosts, @Nullable String forwardedHost) {
    var variants = new Variants(secret);
    return hosts.any(Common.only(request.headers(), Common.HOST), forwardedHost, variants::match);
  }

  /// What clients do differently, tried one after the other: Go leaves pairs without a value out of
  /// the signature, Java and Python write `_` in names as `.`.
  private final class Variants {
    private final Secret secret;
    private final boolean someEmpty;
    private final boolean someUnderscore;

    Variants(Secret secret) {
      this.secret = secret;
      this.someEmpty = sorted.stream().anyMatch(pair -> pair.value().isEmpty());
      this.someUnderscore = sorted.stream().anyMatch(pair -> pair.name().indexOf('_') >= 0);
    }

    boolean match(String host) {
      return match(host, "/") || (!request.path().equals("/") && match(host, request.path()));
    }

    private boolean match(String host, String path) {
      return match(host, path, false, false)
          || (someEmpty && match(host, path, true, false))
          || (someUnderscore && match(host, path, false, true))
          || (someEmpty && someUnderscore && match(host, path, true, true));
    }

    private boolean match(String host, String path, boolean skipEmpty, boolean dotted) {
      String source = source(request.method(), host, path, sorted, skipEmpty, dotted);
      byte[] expected = Base64.getEncoder().encode(secret.hmac(algorithm, source.getBytes(UTF_8)));
      return MessageDigest.isEqual(expected, claimed);
    }
  }

  /// In byte order of the names, `OrderIds.10` before `OrderIds.2`, without the signature.
  static List<Pair> sorted(List<Pair> pairs) {
    return pairs.stream()
        .filter(pair -> !pair.name().equals(Common.SIGNATURE))
        .sorted(Comparator.comparing(Pair::name))
        .toList();
  }

  static String source(
      String method,
      String host,
      String path,
      List<Pair> sorted,
      boolean skipEmpty,
      boolean dotted) {
    var text = new StringBuilder(512);
    text.append(method).append(host).append(path).append('?');
    boolean first = true;
    for (Pair pair : sorted) {
      if (skipEmpty && pair.value().isEmpty()) {
        continue;
      }
      String name = dotted ? pair.name().replace('_', '.') : pair.name();
      text.append(first ? "" : "&").append(name).append('=').append(pair.value());
      first = false;
    }
    return text.toString();
  }

  static String signature(Secret secret, String algorithm, String source) {
    return new String(
        Base64.getEncoder().encode(secret.hmac(algorithm, source.getBytes(UTF_8))), ISO_8859_1);
  }

  @Override
  public String toString() {
    return "SignatureV1[" + secretId + "]";
  }
}
