package io.yunfu.channels.wechat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.channels.Unreadable;
import io.yunfu.kernel.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.SecretKeySpec;

/// What a refund notice hides in `req_info`: AES-256 in ECB mode, with the hex digits of the API
/// key's MD5 as the key. ECB proves nothing: whoever has seen other notices can put blocks of them
/// together. Source: `channels.md` sections 2.3 and 2.13.
final class HiddenFields {
  private HiddenFields() {}

  /// @throws Unreadable when it was not encrypted with this key, or is not what it should be
  static Map<String, String> read(String requestInfo, Secret key) {
    return Xml.read(decrypted(requestInfo, key), Xml.HIDDEN);
  }

  /// The same with the first of several keys that does it. A wrong one mostly leaves no padding,
  /// and never what is XML with the right root.
  ///
  /// @param keys at least one
  static Map<String, String> read(String requestInfo, List<Secret> keys) {
    for (Secret key : keys.subList(0, keys.size() - 1)) {
      try {
        return read(requestInfo, key);
      } catch (Unreadable _) {
        // Then with the next.
      }
    }
    return read(requestInfo, keys.getLast());
  }

  private static byte[] decrypted(String requestInfo, Secret key) {
    try {
      Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(cipherKey(key), "AES"));
      return cipher.doFinal(Base64.getDecoder().decode(requestInfo));
    } catch (BadPaddingException | IllegalBlockSizeException | IllegalArgumentException e) {
      throw new Unreadable("req_info cannot be decrypted");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no AES", e);
    }
  }

  private static byte[] cipherKey(Secret key) throws NoSuchAlgorithmException {
    byte[] md5 = MessageDigest.getInstance("MD5").digest(key.reveal().getBytes(UTF_8));
    return HexFormat.of().formatHex(md5).getBytes(US_ASCII);
  }
}
