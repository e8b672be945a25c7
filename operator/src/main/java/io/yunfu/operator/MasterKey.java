package io.yunfu.operator;

import static io.yunfu.kernel.Check.require;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The one key that all secrets at rest are encrypted with: AES-256-GCM, a fresh random nonce for
/// each. Comes from a file or from the environment, never from the database. Without it the secrets
/// in the database are of no use to anybody, us included: keep a copy.
public final class MasterKey {
  public static final int BYTES = 32;

  /// Source: NIST SP 800-38D, section 8.2.2: 96 random bits are good for 2^32 secrets of one key.
  private static final int NONCE_BYTES = 12;

  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  private MasterKey(byte[] bytes) {
    require(bytes.length == BYTES, "a master key has %d bytes, not %d", BYTES, bytes.length);
    this.key = new SecretKeySpec(bytes, "AES");
  }

  public static MasterKey of(byte[] bytes) {
    return new MasterKey(bytes);
  }

  /// Reads 64 hexadecimal digits or the Base64 of 32 bytes; blanks around it do not count.
  ///
  /// @throws IllegalArgumentException for any other text, without repeating it
  public static MasterKey parse(String text) {
    String trimmed = text.strip();
    if (trimmed.matches("[0-9A-Fa-f]{64}")) {
      return of(HexFormat.of().parseHex(trimmed));
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(trimmed.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      bytes = new byte[0];
    }
    require(
        bytes.length == BYTES,
        "a master key is 32 bytes, written as 64 hexadecimal digits or as Base64");
    return of(bytes);
  }

  /// A new key as text, to be kept in a file.
  public static String generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// A secret at rest.
  @SuppressWarnings("ArrayRecordComponent") // never compared; goes into a row and comes out of it
  public record Sealed(byte[] nonce, byte[] ciphertext) {
    @Override
    public String toString() {
      return "Sealed[hidden]";
    }
  }

  /// The key does not open what is in the database.
  public static final class DoesNotFit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DoesNotFit(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Encrypts a secret.
  ///
  /// @param owner what the secret belongs to; a ciphertext that is moved to another row does not
  ///   open there
  public Sealed seal(String owner, String secret) {
    byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
    try {
      return seal(owner, plain);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /// The same of bytes, which stay the caller's.
  public Sealed seal(String owner, byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      return new Sealed(nonce, cipher(Cipher.ENCRYPT_MODE, nonce, owner).doFinal(plain));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /// Decrypts a secret.
  ///
  /// @throws DoesNotFit when it was sealed with another key, for another owner, or was changed
  public String open(String owner, Sealed sealed) {
    return new String(openBytes(owner, sealed), StandardCharsets.UTF_8);
  }

  /// The same of bytes.
  ///
  /// @throws DoesNotFit as [#open]
  public byte[] openBytes(String owner, Sealed sealed) {
    try {
      return cipher(Cipher.DECRYPT_MODE, sealed.nonce(), owner).doFinal(sealed.ciphertext());
    } catch (AEADBadTagException e) {
      throw new DoesNotFit("the master key does not open the secret of " + owner, e);
    } catch (GeneralSecurityException e) {
      throw new DoesNotFit("the secret of " + owner + " is not well-formed", e);
    }
  }

  /// Another key of as many bytes, for one purpose: the same on every node, and nothing is learned
  /// from it of this one or of the keys of other purposes. So what is sealed by the thousand in a
  /// second does not use up this key's nonces. Source: RFC 5869, HKDF-Expand with SHA-256; the
  /// first step is left out, as this key is random already (section 3.3).
  public byte[] derive(String purpose) {
    byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(HKDFParameterSpec.expandOnly(key, info, BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HKDF-SHA256", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String owner) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  @Override
  public String toString() {
    return "MasterKey[hidden]";
  }
}
