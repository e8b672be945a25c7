package io.yunfu.simulator.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

  /// Holds the certificate of the authority at first.
  ///
  /// @param directory where the files are written; null: nowhere
  public Credentials(Authority authority, @Nullable Path directory) {
    this.authority = authority;
    this.directory = directory;
    keep(
        AUTHORITY_FILE,
        Credential.pem(authority.certificate()).getBytes(StandardCharsets.US_ASCII));
  }

  public Authority authority() {
    return authority;
  }

  /// Whether files are written, so that keys are better made at once than when they are needed.
  public boolean written() {
    return directory != null;
  }

  /// The client certificate of a merchant, made when it is first asked for, which takes a moment.
  /// Its files are `NAME.p12` (the password is the name), `NAME_cert.pem` and `NAME_key.pem`.
  public Credential client(String name) {
    return clients.computeIfAbsent(
        name,
        _ -> {
          Credential made = authority.client(name);
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

  /// Keeps a file that takes a moment to make. It is made when it is first asked for; at once, if
  /// files are written.
  public void offer(String name, Supplier<byte[]> content) {
    if (directory != null) {
      keep(name, content.get());
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
      Files.createDirectories(directory);
      Path file = directory.resolve(name);
      Files.deleteIfExists(file);
      if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + name + " to " + directory, e);
    }
  }
}
