package io.yunfu.channels.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.kernel.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signature of WeChat Pay v2, over all fields with a value, in the order of their names.
/// Source: `channels.md` section 2.2.
final class Signing {
  /// The field that holds it, and does not take part.
  static final String FIELD = "sign";

  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final Pattern MD5 = Pattern.compile("[0-9A-F]{32}");
  private static final Pattern SHA256 = Pattern.compile("[0-9A-F]{64}");

  private Signing() {}

  static String sign(Map<String, String> fields, SignType type, Secret key) {
    return HEX.formatHex(digest(fields, type, key));
  }

  /// Whether a message carries the right signature.
  ///
  /// @param type from our own record, never from the message: the weaker one must not be enough
  static boolean verifies(Map<String, String> fields, SignType type, Secret key) {
    String sign = fields.getOrDefault(FIELD, "");
    Pattern spelling =
        switch (type) {
          case MD5 -> MD5;
          case HMAC_SHA256 -> SHA256;
        };
    return spelling.matcher(sign).matches()
        && MessageDigest.isEqual(HEX.parseHex(sign), digest(fields, type, key));
  }

  /// The same with any of several keys.
  static boolean verifies(Map<String, String> fields, SignType type, List<Secret> keys) {
    return keys.stream().anyMatch(key -> verifies(fields, type, key));
  }

  private static byte[] digest(Map<String, String> fields, SignType type, Secret key) {
    byte[] bytes = text(fields).append("key=").append(key.reveal()).toString().getBytes(UTF_8);
    try {
      return switch (type) {
        case MD5 -> MessageDigest.getInstance("MD5").digest(bytes);
        case HMAC_SHA256 -> {
          Mac mac = Mac.getInstance("HmacSHA256");
          mac.init(new SecretKeySpec(key.reveal().getBytes(UTF_8), "HmacSHA256"));
          yield mac.doFinal(bytes);
        }
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + type, e);
    }
  }

  /// What is signed, without the key at its end.
  private static StringBuilder text(Map<String, String> fields) {
    var text = new StringBuilder();
    new TreeMap<>(fields)
        .forEach((name, value) -> {
          if (!value.isEmpty() && !name.equals(FIELD)) {
            text.append(name).append('=').append(value).append('&');
          }
        });
    return text;
  }
}
