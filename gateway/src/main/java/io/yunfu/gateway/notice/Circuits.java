package io.yunfu.gateway.notice;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Leaves a host alone that does not answer, so that one that is down keeps no place from others.
final class Circuits {
  /// So many failures in a row open the circuit.
  static final int FAILURES = 5;

  /// So long nobody is sent there; then one more failure opens it again.
  static final Duration PAUSE = Duration.ofSeconds(30);

  /// Hosts that are remembered; more than that and all are forgotten.
  private static final int MOST = 10_000;

  private final Map<String, Circuit> circuits = new ConcurrentHashMap<>();

  private record Circuit(int failures, Instant openUntil) {}

  /// Until when a host is left alone; empty when it is not.
  Optional<Instant> openUntil(String host, Instant now) {
    return Optional.ofNullable(circuits.get(host)).map(Circuit::openUntil).filter(now::isBefore);
  }

  void succeeded(String host) {
    circuits.remove(host);
  }

  void failed(String host, Instant now) {
    if (circuits.size() >= MOST) {
      circuits.clear();
    }
    circuits.merge(
        host,
        new Circuit(1, now),
        (before, one) ->
            before.failures + 1 >= FAILURES
                ? new Circuit(FAILURES - 1, now.plus(PAUSE))
                : new Circuit(before.failures + 1, now));
  }
}
