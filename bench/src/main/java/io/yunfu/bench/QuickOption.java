package io.yunfu.bench;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether a benchmark only shows that everything works: then what is not given is small.
final class QuickOption {
  @Option(
      names = "--quick",
      description = "A tiny run that only shows whether everything works: its figures say nothing.")
  private boolean quick;

  boolean isGiven() {
    return quick;
  }

  /// What is given, or else what goes with this run.
  <T> T or(@Nullable T given, T byDefault, T whenQuick) {
    return given != null ? given : quick ? whenQuick : byDefault;
  }
}
