package io.yunfu.gateway.notice;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Leaves a host alone that does not answer, so that one that is down keeps no place from others:
/// few calls at a time to each, none for a while after failures in a row, and then a single one to
/// see whether it is back.
final class Circuits {
  /// So many failures in a row open the circuit.
  static final int FAILURES = 5;

  /// So long nobody is sent there; then one may try.
  static final Duration PAUSE = Duration.ofSeconds(30);

  /// Calls to one host at the same time. Of the places that there are, a host that is silent takes
  /// no more than these.
  static final int AT_ONCE = 16;

  /// While another call is out to see whether a host is back, or all its places are taken, one is
  /// told to come again after so long.
  static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(5);

  /// Hosts that are remembered, more or less.
  private static final int MOST = 10_000;

  private final Map<String, Circuit> circuits = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();

  private static final class Circuit {
    private int failures;
    private Instant openUntil = Instant.MIN;
    private int inside;
  }

  /// Begins a call to a host, or says when to ask again. Each call that begins has to end with
  /// [#leave].
  ///
  /// @param patience how long to wait for a place, in real time
  /// @return empty: go
  Optional<Instant> enter(String host, Instant now, Duration patience) throws InterruptedException {
    lock.lock();
    try {
      long nanos = patience.toNanos();
      while (true) {
        Circuit circuit = circuits.computeIfAbsent(host, _ -> new Circuit());
        if (now.isBefore(circuit.openUntil)) {
          return Optional.of(circuit.openUntil);
        }
        boolean suspicious = circuit.failures >= FAILURES;
        if (circuit.inside < (suspicious ? 1 : AT_ONCE)) {
          circuit.inside++;
          return Optional.empty();
        }
        if (suspicious || nanos <= 0) {
          return Optional.of(now.plus(TRY_AGAIN_AFTER));
        }
        nanos = left.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Ends a call.
  ///
  /// @param answered whether the host is there, whatever it said
  void leave(String host, boolean answered, Instant now) {
    lock.lock();
    try {
      Circuit circuit = circuits.get(host);
      if (circuit == null) {
        return;
      }
      circuit.inside--;
      circuit.failures = answered ? 0 : circuit.failures + 1;
      circuit.openUntil = circuit.failures >= FAILURES ? now.plus(PAUSE) : Instant.MIN;
      if (circuit.inside == 0 && (circuit.failures == 0 || circuits.size() > MOST)) {
        circuits.remove(host);
      }
      left.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
