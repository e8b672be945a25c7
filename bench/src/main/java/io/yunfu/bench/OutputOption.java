package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the report of a benchmark goes.
final class OutputOption {
  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Writes the tables to a file, too.")
  private @Nullable Path output;

  /// Prints it, and writes it to the file if there is one.
  void write(Report report, PrintWriter out) throws IOException {
    out.println(report);
    out.flush();
    if (output != null) {
      Files.writeString(output, report.toString(), UTF_8);
    }
  }
}
