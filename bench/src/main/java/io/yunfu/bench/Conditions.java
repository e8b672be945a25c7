package io.yunfu.bench;

import io.yunfu.bench.machine.Machine;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/// What the figures of a benchmark depend on: the head of its report.
final class Conditions {
  /// Within it a server that has nothing to do has given back what it does not need.
  private static final Duration REST = Duration.ofMinutes(1);

  private static final String SERVER = "Server";

  private final Map<String, String> lines = new LinkedHashMap<>();
  private final Duration rest;
  private OptionalLong busy = OptionalLong.empty();
  private OptionalLong resident = OptionalLong.empty();

  Conditions(Plan plan) {
    rest = plan.warmsServer() ? REST : Duration.ZERO;
  }

  /// @param settings of the server that were asked for
  void serverStarted(ServerProcess server, Map<String, String> settings) {
    lines.putIfAbsent(
        SERVER,
        "listening after %.1f s".formatted(server.readyAfter().toNanos() / 1e9)
            + (settings.isEmpty() ? "" : ", with " + settings));
  }

  /// To be called before the server is stopped. Waits a moment, except in a quick run.
  void loadEnded(ServerProcess server) throws InterruptedException {
    busy = most(busy, server);
    Thread.sleep(rest);
    resident = most(resident, server);
  }

  private static OptionalLong most(OptionalLong sofar, ServerProcess server) {
    return server
        .residentBytes()
        .map(bytes -> OptionalLong.of(Math.max(bytes, sofar.orElse(0))))
        .orElse(sofar);
  }

  /// How long a server is left alone before it is looked at.
  Duration rest() {
    return rest;
  }

  /// The most that a server has held of the machine's memory under its load, in bytes; empty where
  /// the system does not tell.
  OptionalLong busy() {
    return busy;
  }

  /// The same [#rest] after the load.
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
            "%d MB resident at the end of the load, %d MB %d s later"
                .formatted(busy.orElse(0) >> 20, bytes >> 20, rest.toSeconds()),
            (one, other) -> one + ", " + other));
    described.put(
        "Plan",
        "%s; %d times %d s, each after %d s to warm up"
            .formatted(
                whose, plan.pairs(), plan.measured().toSeconds(), plan.warmUp().toSeconds()));
    return described;
  }
}
