package io.yunfu.channels;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A bill between its download and its reading: a file that only this process may read and that is
/// gone once the bill was read. So a day of any size needs no memory, and a slow network no
/// database. For connectors.
public final class BillFile implements AutoCloseable {
  /// Packed, as it comes; a day of ten million lines. Unit: bytes.
  public static final long LONGEST = 512L * 1024 * 1024;

  private final Path path;

  /// Empty.
  public BillFile() {
    try {
      path = Files.createTempFile("yunfu-bill-", ".tmp");
    } catch (IOException e) {
      throw new UncheckedIOException("there is no room for a bill", e);
    }
  }

  public Path path() {
    return path;
  }

  /// Unit: bytes.
  public long size() {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw new UncheckedIOException("the bill is gone", e);
    }
  }

  /// From the beginning; can be marked.
  public InputStream open() {
    try {
      return new BufferedInputStream(Files.newInputStream(path));
    } catch (IOException e) {
      throw new UncheckedIOException("the bill is gone", e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("a bill is left behind", e);
    }
  }
}
