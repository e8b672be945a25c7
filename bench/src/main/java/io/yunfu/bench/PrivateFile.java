package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A file that is readable by us alone, since it holds secrets.
final class PrivateFile {
  private PrivateFile() {}

  /// Writes it anew.
  static Path write(Path file, List<String> lines) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.write(file, lines, UTF_8);
  }
}
