package io.yunfu.simulator.http;

import io.yunfu.simulator.seed.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// RSA keys of 2048 bits, the same every time for the same seed and purpose. One takes up to a
/// second to make, so it is made when it is first needed, and kept in a directory if there is one.
final class RsaKeys {
  private static final int BITS = 2048;

  private final Seed seed;
  private final @Nullable Path directory;
  private final Map<String, KeyPair> pairs = new ConcurrentHashMap<>();

  RsaKeys(Seed seed, @Nullable Path directory) {
    this.seed = seed;
    this.directory = directory;
  }

  KeyPair of(String purpose) {
    return pairs.computeIfAbsent(
        purpose,
        name -> {
          Optional<KeyPair> kept = read(name);
          if (kept.isPresent()) {
            return kept.get();
          }
          KeyPair made = make(name);
          write(name, made);
          return made;
        });
  }

  private KeyPair make(String purpose) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(
          new RSAKeyGenParameterSpec(BITS, RSAKeyGenParameterSpec.F4), seed.keys(purpose));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK makes RSA keys", e);
    }
  }

  /// What cannot be read is made again.
  private Optional<KeyPair> read(String purpose) {
    if (directory == null) {
      return Optional.empty();
    }
    try {
      byte[] encoded = Files.readAllBytes(file(directory, purpose));
      KeyFactory factory = KeyFactory.getInstance("RSA");
      var key = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(encoded));
      return Optional.of(
          new KeyPair(
              factory.generatePublic(
                  new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())),
              key));
    } catch (IOException | GeneralSecurityException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private void write(String purpose, KeyPair pair) {
    if (directory != null) {
      try {
        Credentials.write(file(directory, purpose), pair.getPrivate().getEncoded());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot keep a key in " + directory, e);
      }
    }
  }

  /// Named after seed and purpose, since another seed has other keys.
  private Path file(Path directory, String purpose) {
    String name = HexFormat.of().formatHex(seed.digest("file/" + purpose), 0, 8);
    return directory.resolve("keys").resolve(name + ".pkcs8");
  }
}
