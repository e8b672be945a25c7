package io.yunfu.bench.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;

/// One thread of the generator with its share of the connections.
final class Worker {
  /// After the last request is sent, its answer may take this long; PayDeals answers within a
  /// minute, always.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// A selector waits in whole milliseconds. For less than that the thread sleeps, in pieces of
  /// this length, and looks at its connections in between.
  private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  /// So that the end of a run is noticed.
  private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(100);

  private final Calls calls;
  private final Selector selector;
  private final List<Connection> connections = new ArrayList<>();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Schedule schedule;
  private final Histogram latencies = LoadGenerator.newHistogram();
  private final Map<String, Long> troubles = new HashMap<>();
  private long sent;
  private long right;
  private boolean ranOut;
  private int busy;
  private long windowFrom;
  private long windowTo;

  Worker(Load load, int number, Calls calls, RandomGenerator random) throws IOException {
    this.calls = calls;
    this.selector = Selector.open();
    this.schedule = Schedule.of(load.pace(), load.threads(), random);
    var buffers = new Connection.Buffers();
    boolean whole = false;
    try {
      for (int i = number; i < load.connections(); i += load.threads()) {
        connections.add(Connection.open(load.server(), selector, buffers));
      }
      whole = true;
    } finally {
      if (!whole) {
        close();
      }
    }
  }

  /// Sends until `to`, then waits for what is still under way.
  void run(long start, long from, long to) {
    windowFrom = from;
    windowTo = to;
    schedule.begin(start);
    idle.addAll(connections);
    try {
      while (isOpen() && System.nanoTime() - to < 0 && !(ranOut && busy == 0)) {
        sendWhatIsDue();
        listen(Math.min(schedule.untilNext(System.nanoTime(), !idle.isEmpty()), LONGEST_WAIT));
      }
      long giveUp = System.nanoTime() + PATIENCE.toNanos();
      while (isOpen() && busy > 0 && System.nanoTime() - giveUp < 0) {
        listen(LONGEST_WAIT);
      }
      connections.stream().filter(Connection::isBusy).forEach(late -> count("no answer in time"));
    } catch (IOException e) {
      throw new IllegalStateException("the selector failed", e);
    } finally {
      close();
    }
  }

  private boolean isOpen() {
    return !connections.isEmpty() && !Thread.currentThread().isInterrupted();
  }

  private void sendWhatIsDue() {
    while (!idle.isEmpty() && !ranOut) {
      long now = System.nanoTime();
      if (now - windowTo >= 0 || !schedule.isDue(now)) {
        return;
      }
      var call = calls.next();
      if (call.isEmpty()) {
        ranOut = true;
        return;
      }
      Connection connection = idle.removeFirst();
      long due = schedule.take(now);
      sent++;
      busy++;
      try {
        connection.send(call.get(), due, System.currentTimeMillis() / 1000);
      } catch (IOException e) {
        drop(connection, "cannot send: " + e.getMessage());
      }
    }
  }

  private void listen(long nanos) throws IOException {
    if (nanos >= MILLISECOND) {
      selector.select(this::serve, nanos / MILLISECOND);
    } else if (selector.selectNow(this::serve) == 0 && nanos > 0) {
      LockSupport.parkNanos(Math.min(nanos, NAP_NANOS));
    }
  }

  private void serve(SelectionKey key) {
    var connection = (Connection) key.attachment();
    try {
      if (connection.isWritePending()) {
        connection.flush();
      }
      if (key.isReadable() && connection.receive()) {
        answered(connection);
      }
    } catch (IOException | Answer.Malformed e) {
      drop(connection, String.valueOf(e.getMessage()));
    }
  }

  private void answered(Connection connection) {
    long now = System.nanoTime();
    switch (connection.judge()) {
      case Verdict.Right _ -> {
        right++;
        if (now - windowFrom >= 0 && now - windowTo < 0) {
          long micros = TimeUnit.NANOSECONDS.toMicros(now - connection.since());
          latencies.recordValue(Math.clamp(micros, 1, latencies.getHighestTrackableValue()));
        }
      }
      case Verdict.Refused(var code) -> count(code);
      case Verdict.Wrong(var what) -> count(what);
    }
    busy--;
    if (connection.isLast()) {
      connections.remove(connection);
      connection.close();
      count("the server ended a connection");
    } else {
      idle.addLast(connection);
      sendWhatIsDue();
    }
  }

  /// A broken connection is not opened again: a run in which connections break says nothing anyhow.
  private void drop(Connection connection, String why) {
    if (connection.isBusy()) {
      busy--;
    }
    connections.remove(connection);
    idle.remove(connection);
    connection.close();
    count(why);
  }

  private void count(String trouble) {
    troubles.merge(trouble, 1L, Long::sum);
  }

  Histogram latencies() {
    return latencies;
  }

  Map<String, Long> troubles() {
    return troubles;
  }

  long sent() {
    return sent;
  }

  long right() {
    return right;
  }

  boolean ranOut() {
    return ranOut;
  }

  void close() {
    connections.forEach(Connection::close);
    try {
      selector.close();
    } catch (IOException e) {
      // Nothing is lost with it.
    }
  }
}
