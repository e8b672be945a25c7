package io.yunfu.acceptance;

/// An API key.
///
/// @param token of a temporary key; empty for others
record Key(String secretId, String secretKey, String token) {
  Key {
    Secrets.remember(secretKey);
    Secrets.remember(token);
  }

  Key(String secretId, String secretKey) {
    this(secretId, secretKey, "");
  }
}
