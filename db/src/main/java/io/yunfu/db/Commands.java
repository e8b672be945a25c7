package io.yunfu.db;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs other programs to their end.
final class Commands {
  /// No program that is run here takes a tenth of this, but a slow disk might.
  private static final int LONGEST_SECONDS = 120;

  private Commands() {}

  /// @param status 127 when there is no such program
  /// @param output of both streams
  record Result(int status, String output) {
    boolean succeeded() {
      return status == 0;
    }
  }

  static Result run(List<String> command) throws IOException {
    return run(command, "");
  }

  static Result run(List<String> command, String input) throws IOException {
    ProcessBuilder builder = prepared(command).redirectErrorStream(true);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return new Result(127, String.valueOf(e.getMessage()));
    }
    // Ends its output too, so that reading that ends.
    process
        .onExit()
        .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
        .exceptionally(_ -> process.destroyForcibly());
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading: its status tells.
    }
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output.strip());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + command.getFirst(), e);
    }
  }

  /// With an environment that holds nothing but the search path: `PGDATA`, `PGPORT` and the like of
  /// whoever started us must not reach PostgreSQL.
  static ProcessBuilder prepared(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", "");
    environment.clear();
    environment.put("PATH", path + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("LC_ALL", "C");
    return builder;
  }

  /// Where on the search path a program is.
  static @Nullable String find(String program) {
    String path = prepared(List.of(program)).environment().getOrDefault("PATH", "");
    for (String folder : path.split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return Path.of(folder, program).toString();
      }
    }
    return null;
  }
}
