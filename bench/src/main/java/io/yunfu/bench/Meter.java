package io.yunfu.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads at one moment what has been used so far. The readings at both ends of a window give what
/// was used in it.
final class Meter {
  private final BenchDatabase database;
  private final Optional<ProcessHandle> postmaster;
  private final Supplier<Duration> simulator;

  Meter(BenchDatabase database) {
    this(database, () -> Duration.ZERO);
  }

  /// @param simulator processor time of the simulated channels so far
  Meter(BenchDatabase database, Supplier<Duration> simulator) {
    this.database = database;
    this.postmaster = database.postmaster();
    this.simulator = simulator;
  }

  /// Whether the database's processes can be seen from here.
  boolean seesDatabase() {
    return postmaster.isPresent();
  }

  /// @param server processor time of what is measured so far, the database left out
  /// @param client of what puts it under load
  Reading read(Supplier<Duration> server, Supplier<Duration> client) {
    return new Reading(
        System.nanoTime(),
        BenchDatabase.cpuTime(postmaster),
        server.get(),
        client.get(),
        simulator.get(),
        database.walPosition());
  }

  /// What had been used at a moment.
  record Reading(
      long nanos,
      Duration database,
      Duration server,
      Duration client,
      Duration simulator,
      long wal) {
    /// What was used between an earlier reading and this one.
    Usage since(Reading earlier) {
      double seconds = (nanos - earlier.nanos) / 1e9;
      return new Usage(
          perSecond(database.minus(earlier.database), seconds),
          perSecond(server.minus(earlier.server), seconds),
          perSecond(client.minus(earlier.client), seconds),
          perSecond(simulator.minus(earlier.simulator), seconds),
          (wal - earlier.wal) / seconds);
    }

    private static double perSecond(Duration used, double seconds) {
      return used.toNanos() / 1000.0 / seconds;
    }
  }

  /// What is used in a second: microseconds of processors, and bytes of the database's log.
  record Usage(double database, double server, double client, double simulator, double wal) {}
}
