package io.yunfu.simulator.record;

import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Every request in a file, one line of JSON each, written before the answer leaves: it outlives
/// the memory's bound, the process, and its being killed. A line that a crash has cut off is passed
/// over; the next run goes on behind it. Source: channels.md, section 7.1.
public final class Journal implements AutoCloseable {
  private final Path file;

  /// No file channel: that one would be closed by the interruption of any thread that writes.
  private final RandomAccessFile lines;

  /// Goes on in a file, or begins it.
  ///
  /// @throws UncheckedIOException if it cannot be written
  public Journal(Path file) {
    this.file = file;
    try {
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      this.lines = new RandomAccessFile(file.toFile(), "rw");
      endLine();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the journal " + file, e);
    }
  }

  /// Where it is.
  public Path file() {
    return file;
  }

  void add(JsonNode exchange) {
    append(Json.text(exchange) + "\n");
  }

  /// The last ones that are looked for, oldest first.
  ///
  /// @param most how many at most
  List<JsonNode> last(int most, Predicate<JsonNode> wanted) {
    var found = new ArrayDeque<JsonNode>();
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        JsonNode exchange = whole(line);
        if (exchange != null && wanted.test(exchange)) {
          found.addLast(exchange);
          if (found.size() > most) {
            found.removeFirst();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the journal " + file, e);
    }
    return List.copyOf(found);
  }

  /// Begins anew.
  void clear() {
    try {
      lines.setLength(0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot empty the journal " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the journal " + file, e);
    }
  }

  private void endLine() throws IOException {
    long length = lines.length();
    if (length == 0) {
      return;
    }
    lines.seek(length - 1);
    boolean ended = lines.read() == '\n';
    lines.seek(length);
    if (!ended) {
      lines.write('\n');
    }
  }

  private void append(String text) {
    try {
      lines.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the journal " + file, e);
    }
  }

  private static @Nullable JsonNode whole(String line) {
    try {
      return line.isEmpty() ? null : Json.read(line);
    } catch (BadInput e) {
      return null; // cut off by a crash
    }
  }
}
