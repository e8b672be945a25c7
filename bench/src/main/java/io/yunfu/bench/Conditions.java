package io.yunfu.bench;

import io.yunfu.bench.machine.Machine;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/// What the figures of a benchmark depend on: the head of its report.
final class Conditions {
  private static final String SERVER = "Server";

  private final Map<String, String> lines = new LinkedHashMap<>();
  private OptionalLong resident = OptionalLong.empty();

  /// @param settings of the server that were asked for
  void serverStarted(ServerProcess server, Map<String, String> settings) {
    lines.putIfAbsent(
        SERVER,
        "listening after %.1f s".formatted(server.readyAfter().toNanos() / 1e9)
            + (settings.isEmpty() ? "" : ", with " + settings));
  }

  /// To be called before the server is stopped.
  void loadEnded(ServerProcess server) {
    server
        .residentBytes()
        .ifPresent(bytes -> resident = OptionalLong.of(Math.max(bytes, resident.orElse(0))));
  }

  /// The most that a server has held of the machine's memory after its load, in bytes; empty where
  /// the system does not tell.
  OptionalLong resident() {
    return resident;
  }

  void baseline(String version) {
    lines.put("Baseline", version);
  }

  /// All of them, in the order of the report.
  ///
  /// @param database its version and settings
  /// @param whose such as `100 merchants`
  Map<String, String> described(Clock clock, String database, String whose, Plan plan) {
    Map<String, String> described = new LinkedHashMap<>();
    described.put("Date", clock.instant().toString().substring(0, 10));
    Machine.commit().ifPresent(commit -> described.put("Commit", commit));
    described.put("Machine", Machine.description());
    described.put("Java", Machine.java());
    described.put("Database", database);
    described.putAll(lines);
    resident.ifPresent(bytes ->
        described.merge(
            SERVER,
            "%d MB resident after the load".formatted(bytes >> 20),
            (one, other) -> one + ", " + other));
    described.put(
        "Plan",
        "%s; %d times %d s, each after %d s to warm up"
            .formatted(
                whose, plan.pairs(), plan.measured().toSeconds(), plan.warmUp().toSeconds()));
    return described;
  }
}
