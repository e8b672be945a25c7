package io.yunfu.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator.SplittableGenerator;
import org.HdrHistogram.Histogram;

/// Puts a server under load. All connections stand before the first request is sent, and all
/// requests that were sent are answered, or given up, before the run is over: so that for each of
/// them it is known what became of it.
///
/// Latencies of one connection are taken by the thread that serves many: an answer that waits for
/// the thread counts as late. So the generator rather blames itself on the server than the other
/// way round.
public final class LoadGenerator implements AutoCloseable {
  /// Latencies up to a minute, exact to three digits.
  private static final long LONGEST_MICROS = 60_000_000;

  private static final int DIGITS = 3;

  private final Load load;
  private final ExecutorService threads;
  private final List<Worker> workers = new ArrayList<>();
  private final List<Future<?>> runs = new ArrayList<>();
  private long start;

  private LoadGenerator(Load load) {
    this.load = load;
    this.threads =
        Executors.newFixedThreadPool(
            load.threads(), Thread.ofPlatform().name("load-", 0).daemon().factory());
  }

  /// Opens all connections and begins to send.
  ///
  /// @param random draws the moments of an open model
  /// @throws UncheckedIOException when the server cannot be reached
  public static LoadGenerator start(Load load, Calls calls, SplittableGenerator random) {
    var generator = new LoadGenerator(load);
    try {
      for (int i = 0; i < load.threads(); i++) {
        generator.workers.add(new Worker(load, i, calls, random.split()));
      }
      generator.start = System.nanoTime();
      long from = generator.start + load.warmUp().toNanos();
      long to = from + load.measured().toNanos();
      for (Worker worker : generator.workers) {
        generator.runs.add(generator.threads.submit(() -> worker.run(generator.start, from, to)));
      }
      return generator;
    } catch (IOException e) {
      generator.close();
      throw new UncheckedIOException("the server cannot be reached at " + load.server(), e);
    }
  }

  /// Waits for the moment from which answers count.
  public void awaitWindow() throws InterruptedException {
    await(load.warmUp());
  }

  /// Waits for the moment from which they count no more.
  public void awaitWindowEnd() throws InterruptedException {
    await(load.warmUp().plus(load.measured()));
  }

  private void await(Duration sinceStart) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(Math.max(0, start + sinceStart.toNanos() - System.nanoTime())));
  }

  /// Waits for the answers that are still due.
  public Outcome finish() throws InterruptedException {
    try {
      for (Future<?> run : runs) {
        run.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the load generator failed", e.getCause());
    }
    return outcome(workers);
  }

  private Outcome outcome(Collection<Worker> finished) {
    Histogram latencies = newHistogram();
    Map<String, Long> troubles = new HashMap<>();
    long sent = 0;
    long right = 0;
    boolean ranOut = false;
    for (Worker worker : finished) {
      latencies.add(worker.latencies());
      worker.troubles().forEach((what, count) -> troubles.merge(what, count, Long::sum));
      sent += worker.sent();
      right += worker.right();
      ranOut |= worker.ranOut();
    }
    return new Outcome(
        latencies.getTotalCount(),
        load.measured().toNanos() / 1e9,
        latencies,
        sent,
        right,
        troubles,
        ranOut);
  }

  static Histogram newHistogram() {
    return new Histogram(1, LONGEST_MICROS, DIGITS);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    workers.forEach(Worker::close);
  }
}
