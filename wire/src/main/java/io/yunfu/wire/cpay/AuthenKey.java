package io.yunfu.wire.cpay;

import static io.yunfu.kernel.Check.require;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// An `authen_key`: of a sub-merchant, for requests and the answers to them, or of a provider, for
/// notifications. It is used as text, not as hexadecimal digits, and its case counts. Source:
/// `cloudpay.md` section 1.3.
///
/// Never printed, never compared, never sent.
public final class AuthenKey {
  private static final String ALGORITHM = "HmacSHA256";
  private static final HexFormat UPPER = HexFormat.of().withUpperCase();

  /// Copied for each use: a clone costs a fraction of a lookup in the provider list.
  private final Mac mac;

  private AuthenKey(Mac mac) {
    this.mac = mac;
  }

  public static AuthenKey of(String key) {
    require(!key.isEmpty(), "an authen_key is not empty");
    require(US_ASCII.newEncoder().canEncode(key), "an authen_key is ASCII");
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.getBytes(US_ASCII), ALGORITHM));
      return new AuthenKey(mac);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("this JDK lacks " + ALGORITHM, e);
    }
  }

  /// The `authen_code` of a text: 64 hexadecimal digits in upper case.
  public String sign(String text) {
    return UPPER.formatHex(copy().doFinal(text.getBytes(UTF_8)));
  }

  /// Whether a text was signed with this key; the case of the code does not matter. Takes as long
  /// for a nearly right code as for a wrong one.
  boolean verifies(String text, String authenCode) {
    return MessageDigest.isEqual(
        sign(text).getBytes(UTF_8), authenCode.toUpperCase(Locale.ROOT).getBytes(UTF_8));
  }

  private Mac copy() {
    try {
      return (Mac) mac.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this JDK cannot copy a MAC", e);
    }
  }

  @Override
  public String toString() {
    return "AuthenKey[hidden]";
  }
}
