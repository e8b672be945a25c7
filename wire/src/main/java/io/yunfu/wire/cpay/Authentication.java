package io.yunfu.wire.cpay;

/// What a request brings to prove where it comes from, over the text that was signed: step 6.
public sealed interface Authentication {
  /// `authen_info.a`, which every call takes.
  record Hmac(String text, String authenCode) implements Authentication {
    /// Whether this key made the code. Two keys may be tried while one replaces the other.
    public boolean isSignedWith(AuthenKey key) {
      return key.verifies(text, authenCode);
    }

    @Override
    public String toString() {
      return "Hmac[hidden]";
    }
  }

  /// `authen_info.s`, which only `refund` takes.
  record Rsa(String text, String signature) implements Authentication {
    /// Whether the private half of this key made the signature.
    public boolean isSignedWith(RsaKey key) {
      return key.verifies(text, signature);
    }

    @Override
    public String toString() {
      return "Rsa[hidden]";
    }
  }
}
