package io.yunfu.wire.tc3;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `Authorization` header of signature v3, taken apart: `TC3-HMAC-SHA256
/// Credential=<SecretId>/<Date>/<Service>/tc3_request, SignedHeaders=<list>, Signature=<hex>`.
///
/// @param service whatever the client takes for the service: the first piece of its endpoint, so
///   `127` or `localhost:8080` as well as `billing`
/// @param signedHeaders names in the order they were signed in
/// @param signedHeadersText the same as received, since it is part of what was signed
/// @param signature as received
record Authorization(
    String secretId,
    String date,
    String service,
    List<String> signedHeaders,
    String signedHeadersText,
    String signature) {
  static final String ALGORITHM = "TC3-HMAC-SHA256";
  static final String SKIP = "SKIP";

  /// Bounds the work of one verification; clients sign two or three headers.
  private static final int MAX_SIGNED_HEADERS = 32;

  private static final String SCOPE_END = "/tc3_request";

  /// `null` when the header is not well-formed, or does not cover both `content-type` and `host`.
  static @Nullable Authorization parse(String header) {
    if (!header.startsWith(ALGORITHM) || header.length() == ALGORITHM.length()) {
      return null;
    }
    char separator = header.charAt(ALGORITHM.length());
    if (separator != ' ' && separator != '\t') {
      return null;
    }
    String credential = null;
    String signedHeaders = null;
    String signature = null;
    for (int from = ALGORITHM.length() + 1; from <= header.length(); ) {
      int comma = header.indexOf(',', from);
      int end = comma < 0 ? header.length() : comma;
      String field = header.substring(from, end).strip();
      if (field.startsWith("Credential=") && credential == null) {
        credential = field.substring("Credential=".length());
      } else if (field.startsWith("SignedHeaders=") && signedHeaders == null) {
        signedHeaders = field.substring("SignedHeaders=".length());
      } else if (field.startsWith("Signature=") && signature == null) {
        signature = field.substring("Signature=".length());
      } else {
        return null;
      }
      from = end + 1;
    }
    if (credential == null || signedHeaders == null || signature == null || signature.isEmpty()) {
      return null;
    }
    return of(credential, signedHeaders, signature);
  }

  private static @Nullable Authorization of(
      String credential, String signedHeaders, String signature) {
    // First, second and last piece: what lies between is the service, whatever it holds.
    int first = credential.indexOf('/');
    int second = credential.indexOf('/', first + 1);
    int end = credential.length() - SCOPE_END.length();
    if (first <= 0 || second <= first + 1 || end <= second + 1 || !credential.endsWith(SCOPE_END)) {
      return null;
    }
    List<String> names = names(signedHeaders);
    if (names == null || !names.contains("content-type") || !names.contains("host")) {
      return null;
    }
    return new Authorization(
        credential.substring(0, first),
        credential.substring(first + 1, second),
        credential.substring(second + 1, end),
        names,
        signedHeaders,
        signature);
  }

  private static @Nullable List<String> names(String signedHeaders) {
    List<String> names = new ArrayList<>(4);
    for (int from = 0; from <= signedHeaders.length(); ) {
      int semicolon = signedHeaders.indexOf(';', from);
      int end = semicolon < 0 ? signedHeaders.length() : semicolon;
      if (end == from || names.size() == MAX_SIGNED_HEADERS) {
        return null;
      }
      names.add(signedHeaders.substring(from, end));
      from = end + 1;
    }
    return names;
  }
}
