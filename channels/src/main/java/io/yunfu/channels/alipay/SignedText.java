package io.yunfu.channels.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The text that a signature covers: `name=value` of all parameters that are not empty, sorted by
/// name, joined with `&`, values as they are and never percent-encoded.
///
/// Requests and notices differ in one thing: `sign_type` is part of a request's text, and not of a
/// payment notice's. Source: `channels.md` sections 4.1, 4.10.
final class SignedText {
  private static final Set<String> NOT_IN_REQUESTS = Set.of("sign");
  private static final Set<String> NOT_IN_PAYMENT_NOTICES = Set.of("sign", "sign_type");

  private SignedText() {}

  static byte[] ofRequest(Map<String, String> parameters) {
    return of(parameters, NOT_IN_REQUESTS);
  }

  /// @param parameters all that came, unknown ones too, decoded
  static byte[] ofPaymentNotice(Map<String, String> parameters) {
    return of(parameters, NOT_IN_PAYMENT_NOTICES);
  }

  /// Life-cycle messages of other kinds keep `sign_type`.
  static byte[] ofOtherNotice(Map<String, String> parameters) {
    return of(parameters, NOT_IN_REQUESTS);
  }

  private static byte[] of(Map<String, String> parameters, Set<String> without) {
    var text = new StringBuilder();
    new TreeMap<>(parameters)
        .forEach((name, value) -> {
          if (!value.isEmpty() && !without.contains(name)) {
            text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(value);
          }
        });
    return text.toString().getBytes(UTF_8);
  }
}
