package io.yunfu.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The processor time that processes have taken so far, user and system together.
public final class CpuTime {
  /// The kernel tells times in hundredths of a second, whatever its own clock does. Source:
  /// proc(5), `sysconf(_SC_CLK_TCK)`; 100 on all of Linux' platforms with a JDK.
  private static final int NANOS_PER_TICK = 10_000_000;

  private static final int WAITED_FOR_USER = 13;

  private CpuTime() {}

  /// Of one process; zero once it has ended, or where the system does not tell.
  public static Duration of(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /// Of a process and its children, on Linux also of children that have ended.
  public static Duration ofFamily(ProcessHandle process) {
    return process
        .children()
        .map(CpuTime::of)
        .reduce(of(process), Duration::plus)
        .plus(ended(process.pid()));
  }

  /// The children that a process has waited for: fields `cutime` and `cstime` of proc(5).
  private static Duration ended(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The second field is a name in parentheses, which may hold blanks; the third begins after
      // it.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks =
          Long.parseLong(fields[WAITED_FOR_USER]) + Long.parseLong(fields[WAITED_FOR_USER + 1]);
      return Duration.ofNanos(ticks * NANOS_PER_TICK);
    } catch (IOException e) {
      return Duration.ZERO; // not Linux, or no such process
    }
  }
}
