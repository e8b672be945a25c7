package io.yunfu.simulator.wechat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// How a message is signed. Source: channels.md, section 2.2.
enum SignType {
  MD5("MD5"),
  HMAC_SHA256("HMAC-SHA256");

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final String spelling;

  SignType(String spelling) {
    this.spelling = spelling;
  }

  String spelling() {
    return spelling;
  }

  SignType other() {
    return this == MD5 ? HMAC_SHA256 : MD5;
  }

  /// By its name on the wire. No name is MD5.
  static Optional<SignType> of(String spelling) {
    for (SignType type : values()) {
      if (type.spelling.equals(spelling)) {
        return Optional.of(type);
      }
    }
    return spelling.isEmpty() ? Optional.of(MD5) : Optional.empty();
  }

  /// What is signed, without the key: all but `sign` and what is empty, in the order of the names,
  /// values as they are.
  static String text(Map<String, String> fields) {
    String[] names = fields.keySet().toArray(String[]::new);
    Arrays.sort(names);
    var text = new StringBuilder(512);
    for (String name : names) {
      String value = fields.getOrDefault(name, "");
      if (!name.equals("sign") && !value.isEmpty()) {
        text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(value);
      }
    }
    return text.toString();
  }

  /// Signs what [#text] made.
  String sign(String text, String key) {
    byte[] whole = (text + "&key=" + key).getBytes(StandardCharsets.UTF_8);
    try {
      return HEX.formatHex(
          switch (this) {
            case MD5 -> MessageDigest.getInstance("MD5").digest(whole);
            case HMAC_SHA256 -> {
              Mac mac = Mac.getInstance("HmacSHA256");
              mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
              yield mac.doFinal(whole);
            }
          });
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + spelling, e);
    }
  }

  /// Whether the text was signed so; takes the same time whatever the difference.
  boolean verifies(String text, String key, String signature) {
    return MessageDigest.isEqual(
        sign(text, key).getBytes(StandardCharsets.US_ASCII),
        signature.getBytes(StandardCharsets.UTF_8));
  }
}
