package io.yunfu.bench;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who pays, and what it is measured against: for the benchmarks of payments.
final class PaymentOptions {
  @Option(
      names = "--accounts",
      paramLabel = "N",
      description = "Accounts that pay, each with a key of its own. Default: 10000.")
  private @Nullable Integer accounts;

  @Option(
      names = "--pgbench",
      paramLabel = "FILE",
      description = "Where pgbench is. Default: looked for.")
  private @Nullable Path pgbench;

  int accounts(QuickOption quick) {
    return quick.or(accounts, 10_000, 200);
  }

  /// The program of the baseline; empty when it is not found.
  Optional<Path> pgbench() {
    return Pgbench.find(pgbench);
  }
}
