package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/// The log that `pgbench --log` keeps of its transactions, a line for each: `client number
/// microseconds script seconds microseconds-of-the-second`. Source: the manual of pgbench,
/// "Per-Transaction Logging".
///
/// @param payments that ended within the window
/// @param latencies of these
/// @param end the number after the highest deal that was paid
record PgbenchLog(long payments, Histogram latencies, long end) {
  private static final long LONGEST_MICROS = 60_000_000;

  /// Reads all files of a run, and notes each payment in the receipts.
  ///
  /// @param from the window, in milliseconds since 1970
  static PgbenchLog read(Path logs, int clients, long from, long to, Receipts receipts) {
    var latencies = new Histogram(1, LONGEST_MICROS, 3);
    // A client belongs to one thread, so its transactions stand in one file, in order.
    var turns = new long[clients];
    long end = receipts.first();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, "log.*")) {
      for (Path file : files) {
        try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] fields = line.split(" ", -1);
            int client = Integer.parseInt(fields[0]);
            long number = receipts.first() + turns[client]++ * clients + client;
            receipts.ask(number);
            receipts.acknowledge(number);
            end = Math.max(end, number + 1);
            long at = Long.parseLong(fields[4]) * 1000 + Long.parseLong(fields[5]) / 1000;
            if (at >= from && at < to) {
              latencies.recordValue(Math.clamp(Long.parseLong(fields[2]), 1, LONGEST_MICROS));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the log of pgbench", e);
    }
    return new PgbenchLog(latencies.getTotalCount(), latencies, end);
  }
}
