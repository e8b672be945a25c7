package io.yunfu.channels.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.kernel.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signature of WeChat Pay v2, over all fields with a value, in the order of their names.
/// Source: `channels.md` section 2.2.
final class Signing {
  /// The field that holds it, and does not take part.
  static final String FIELD = "sign";

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Signing() {}

  static String sign(Map<String, String> fields, SignType type, Secret key) {
    return HEX.formatHex(digest(fields, type, key));
  }

  /// Whether a message carries the right signature.
  ///
  /// @param type from our own record, never from the message: the weaker one must not be enough
  static boolean verifies(Map<String, String> fields, SignType type, Secret key) {
    String sign = fields.getOrDefault(FIELD, "");
    return MessageDigest.isEqual(sign.getBytes(UTF_8), sign(fields, type, key).getBytes(UTF_8));
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
    String[] names = fields.keySet().toArray(String[]::new);
    Arrays.sort(names);
    var text = new StringBuilder(1024);
    for (String name : names) {
      String value = fields.get(name);
      if (value != null && !value.isEmpty() && !name.equals(FIELD)) {
        text.append(name).append('=').append(value).append('&');
      }
    }
    return text;
  }
}
