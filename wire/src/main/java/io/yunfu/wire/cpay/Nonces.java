package io.yunfu.wire.cpay;

/// `nonce_str` of a request.
final class Nonces {
  private static final int LONGEST = 32;

  private Nonces() {}

  static String read(FieldReader in) {
    return in.optionalText("nonce_str", LONGEST).orElse("");
  }
}
