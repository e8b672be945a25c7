package io.yunfu.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `demo.json`: what a demo tells to scripts, and its memory. Where it exists, the sample data is
/// there already. It is written last, so a demo that was killed before begins anew, with other
/// accounts.
final class DemoFile {
  private static final String NAME = "demo.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;

  /// @param directory of the demo
  DemoFile(Path directory) {
    this.file = directory.resolve(NAME);
  }

  Path path() {
    return file;
  }

  /// What it says; nothing if it is not there yet.
  ObjectNode read() {
    try {
      return Files.exists(file)
          ? (ObjectNode) JSON.readTree(Files.readString(file))
          : JSON.createObjectNode();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e, e);
    }
  }

  /// For its owner's eyes only, since it holds secrets; whole or not at all.
  void write(ObjectNode demo) {
    Path draft = file.resolveSibling(NAME + ".draft");
    try {
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          draft, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(demo) + "\n");
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep " + file + ": " + e, e);
    }
  }
}
