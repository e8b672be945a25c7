package io.yunfu.simulator.seed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;

/// Where all ids, nonces, draws and keys come from. Each purpose has a stream of its own, so that
/// one more nonce does not change the next order number.
///
/// Keys come from it as well. They protect nothing but a simulated world, and a signature of an
/// answer is only repeatable if its key is.
public final class Seed {
  private final long value;
  private volatile String run = "";
  private final ConcurrentHashMap<String, Draws> streams = new ConcurrentHashMap<>();

  public Seed(long value) {
    this.value = value;
  }

  public long value() {
    return value;
  }

  /// The stream of a purpose. Asked again, it goes on where it was.
  public Draws of(String purpose) {
    return streams.computeIfAbsent(
        purpose, name -> new Draws(ByteBuffer.wrap(digest(name + run)).getLong()));
  }

  /// Lets ids and nonces differ from those of other runs with the same seed. Keys, and what people
  /// are known by, stay.
  public void vary(long number) {
    run = "#" + number;
    streams.clear();
  }

  /// Lets every stream begin anew.
  public void restart() {
    streams.values().forEach(Draws::restart);
  }

  /// The same every time for the same text: for identities that are derived, not drawn.
  public byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest((value + "/" + text).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// For the JDK's key generators: repeatable, and so for keys that protect nothing.
  public SecureRandom keys(String purpose) {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(
          digest("keys/" + purpose)); // before anything is drawn, it replaces the entropy
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA1PRNG", e);
    }
  }
}
