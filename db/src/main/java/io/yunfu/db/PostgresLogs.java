package io.yunfu.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the embedded PostgreSQL says.
///
/// @param atStart what it said at its last start before it opened its own log
/// @param folder of its own logs; may not be there yet
record PostgresLogs(Path atStart, Path folder) {
  /// Together with `log_rotation_size` this bounds what the logs take.
  private static final int LOG_FILES = 8;

  /// In the log of a running server, what tells why it ended.
  private static final Pattern GRAVE =
      Pattern.compile(
          "(FATAL|PANIC): (?!.*(not yet accepting|terminating connection|starting up|shutting down))");

  /// In the log of the start, all but the farewell to that log.
  private static final Pattern START =
      Pattern.compile("^(?!.*(redirecting log output|Future log output)).+");

  private static final Logger log = LoggerFactory.getLogger(PostgresLogs.class);

  /// Why it ended, as far as it said so.
  String lastWords() {
    try {
      List<String> words = new ArrayList<>(lastLines(atStart, START));
      for (Path file : newestFirst().limit(1).toList()) {
        words.addAll(lastLines(file, GRAVE));
      }
      return words.isEmpty() ? "it said nothing" : String.join(" | ", words);
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  private static List<String> lastLines(Path file, Pattern which) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> lines =
        new String(Files.readAllBytes(file), UTF_8)
            .lines()
            .filter(line -> which.matcher(line).find())
            .toList();
    return lines.subList(Math.max(0, lines.size() - 4), lines.size());
  }

  /// PostgreSQL's own logs, the newest first.
  private Stream<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("postgres-[0-9-]+\\.log"))
          .sorted(Comparator.reverseOrder())
          .toList()
          .stream();
    }
  }

  /// Deletes those that are too many.
  void sweep() {
    try {
      for (Path old : newestFirst().skip(LOG_FILES).toList()) {
        Files.deleteIfExists(old);
      }
    } catch (IOException e) {
      log.warn("Old logs of PostgreSQL cannot be deleted: {}", e.toString());
    }
  }
}
