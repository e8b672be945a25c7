package io.yunfu.simulator.http;

import io.yunfu.simulator.seed.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The files that clients need: the authority's certificate, and what the channels hand out to
/// merchants. In memory, and in a directory if one is given.
public final class Credentials {
  public static final String AUTHORITY_FILE = "ca.pem";

  private final Authority authority;
  private final @Nullable Path directory;
  private final Map<String, Credential> clients = new ConcurrentHashMap<>();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, Supplier<byte[]>> offered = new ConcurrentHashMap<>();
  private final RsaKeys keys;
  private final List<Runnable> later = new ArrayList<>();
  private boolean begun;

  /// Holds the certificate of a new authority at first.
  ///
  /// @param now the real time, which is what TLS goes by
  /// @param directory where the files are written; null: nowhere
  public Credentials(Seed seed, Instant now, @Nullable Path directory) {
    this.authority = Authority.create(seed, "CN=Yunfu simulator CA", now);
    this.directory = directory;
    this.keys = new RsaKeys(seed, directory);
    keep(
        AUTHORITY_FILE,
        Credential.pem(authority.certificate()).getBytes(StandardCharsets.US_ASCII));
  }

  public Authority authority() {
    return authority;
  }

  /// An RSA key of 2048 bits, the same every time for the same purpose.
  public KeyPair rsaKeys(String purpose) {
    return keys.of(purpose);
  }

  /// Makes sure that a merchant's files are there by the end of the start, if files are written;
  /// otherwise they are made when they are first asked for.
  public void prepareClient(String name) {
    if (directory != null) {
      prepare(() -> {
        var _ = client(name);
      });
    }
  }

  /// Ends the start: makes all that is still to be made, side by side, since keys take long.
  public void finish() {
    List<Runnable> all;
    synchronized (later) {
      begun = true;
      all = List.copyOf(later);
      later.clear();
    }
    all.parallelStream().forEach(Runnable::run);
  }

  private void prepare(Runnable making) {
    synchronized (later) {
      if (!begun) {
        later.add(making);
        return;
      }
    }
    making.run();
  }

  /// The client certificate of a merchant, made when it is first asked for, which takes a moment.
  /// Its files are `NAME.p12` (the password is the name), `NAME_cert.pem` and `NAME_key.pem`.
  public Credential client(String name) {
    return clients.computeIfAbsent(
        name,
        _ -> {
          Credential made = authority.client(name, keys.of("client/" + name));
          keep(name + ".p12", made.pkcs12(name));
          keep(name + "_cert.pem", made.certificatePem().getBytes(StandardCharsets.US_ASCII));
          keep(name + "_key.pem", made.keyPem().getBytes(StandardCharsets.US_ASCII));
          return made;
        });
  }

  /// Keeps a file for clients.
  public void keep(String name, byte[] content) {
    files.put(name, content);
    if (directory != null) {
      write(directory, name, content);
    }
  }

  /// Keeps a file that takes a moment to make. It is made when it is first asked for; by the end of
  /// the start, if files are written.
  public void offer(String name, Supplier<byte[]> content) {
    if (directory != null) {
      prepare(() -> keep(name, content.get()));
    } else {
      offered.put(name, content);
    }
  }

  public Optional<byte[]> file(String name) {
    byte[] kept = files.get(name);
    return kept != null
        ? Optional.of(kept)
        : Optional.ofNullable(offered.get(name)).map(Supplier::get);
  }

  /// Names, and where they are if they are written.
  public Map<String, String> names() {
    Map<String, String> names = new TreeMap<>();
    offered.keySet().forEach(name -> names.put(name, ""));
    files
        .keySet()
        .forEach(
            name -> names.put(name, directory == null ? "" : directory.resolve(name).toString()));
    return names;
  }

  private static void write(Path directory, String name, byte[] content) {
    try {
      write(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + name + " to " + directory, e);
    }
  }

  /// Writes a file that its owner alone may read, whole or not at all.
  static void write(Path file, byte[] content) throws IOException {
    Path directory = file.getParent();
    Files.createDirectories(directory);
    // Temporary files are their owner's alone from the beginning.
    Path whole = Files.createTempFile(directory, "new", null);
    Files.write(whole, content);
    Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
