package io.yunfu.server.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Writes lines from one thread, many at a time. A reader that stalls (a full pipe, a slow log
/// driver) must not stop payments: when the queue is full, lines are dropped, and counted. Any
/// number of threads make their lines at a time; only the queue brings them in order.
final class LogLines extends UnsynchronizedAppenderBase<ILoggingEvent> {
  /// Lines that wait for the writer; some megabytes.
  private static final int QUEUE = 16_384;

  /// Lines written at once.
  private static final int BATCH = 256;

  /// How long the writer rests after each write. Whoever logs need not wake it then, and lines come
  /// to it by the dozen; unit: nanoseconds.
  private static final long REST = 5_000_000;

  /// Longer ones are cut. A stack with many causes is the longest there is.
  private static final int LONGEST = 32_768;

  private final BlockingQueue<String> queue;
  private final Supplier<PrintStream> out;
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private volatile LineFormat format = LineFormat.JSON;

  /// @param out asked for each time, since standard output may be replaced
  LogLines(Supplier<PrintStream> out) {
    this(out, QUEUE);
  }

  LogLines(Supplier<PrintStream> out, int bound) {
    this.out = out;
    this.queue = new ArrayBlockingQueue<>(bound);
    setName("lines");
  }

  @Override
  public void start() {
    super.start();
    Thread.ofPlatform().daemon().name("log").start(this::write);
  }

  void format(LineFormat chosen) {
    format = chosen;
  }

  /// Lines dropped since the start.
  long lost() {
    return lost.get();
  }

  @Override
  protected void append(ILoggingEvent event) {
    var line = new StringBuilder(256);
    format.write(event, line);
    if (line.length() > LONGEST) {
      boolean json = line.charAt(0) == '{';
      line.setLength(LONGEST);
      while (json && line.charAt(line.length() - 1) == '\\') {
        line.setLength(line.length() - 1); // half an escape
      }
      line.append(json ? " …\"}" : " …");
    }
    accepted.incrementAndGet();
    if (!queue.offer(line.append('\n').toString())) {
      lost.incrementAndGet();
      accepted.decrementAndGet();
    }
  }

  /// Waits until what was logged before is written, or the time is over.
  void flush(long nanos) {
    long wanted = accepted.get();
    long end = System.nanoTime() + nanos;
    while (written.get() < wanted && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void write() {
    List<String> lines = new ArrayList<>();
    var text = new StringBuilder();
    long told = 0;
    try {
      while (true) {
        if (queue.drainTo(lines, BATCH) == 0) {
          lines.add(queue.take());
        }
        lines.forEach(text::append);
        long missing = lost.get() - told;
        if (missing > 0) {
          told += missing;
          text.append(lossLine(missing));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        PrintStream stream = out.get();
        stream.write(bytes, 0, bytes.length);
        stream.flush();
        written.addAndGet(lines.size());
        lines.clear();
        text.setLength(0);
        if (queue.size() < BATCH) {
          LockSupport.parkNanos(REST);
        }
      }
    } catch (InterruptedException e) {
      // nobody interrupts it but the end of the process
    }
  }

  private String lossLine(long missing) {
    String message = missing + " log lines were lost: standard output takes them too slowly";
    return format == LineFormat.JSON
        ? "{\"level\":\"WARN\",\"logger\":\"log\",\"message\":\"" + message + "\"}\n"
        : "WARN  log: " + message + "\n";
  }
}
