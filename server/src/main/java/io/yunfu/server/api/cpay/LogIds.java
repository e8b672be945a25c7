package io.yunfu.server.api.cpay;

import io.yunfu.wire.cpay.LogId;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The `log_id` of calls. A node repeats none within 2^32 calls, and one id does not tell the next,
/// so that nobody can count the calls of others. Two nodes may give the same: time and node tell
/// them apart.
public final class LogIds implements Supplier<LogId> {
  private final AtomicInteger count;
  private final int mask;

  /// @param random for the first id; used here only
  public LogIds(RandomGenerator random) {
    this.count = new AtomicInteger(random.nextInt());
    this.mask = random.nextInt();
  }

  @Override
  public LogId get() {
    int mixed;
    do {
      mixed = mixed(count.getAndIncrement()) ^ mask;
    } while (mixed == 0);
    return new LogId(Integer.toUnsignedLong(mixed));
  }

  /// A permutation of all 32-bit numbers: the finisher of MurmurHash3.
  private static int mixed(int number) {
    int x = number;
    x = (x ^ (x >>> 16)) * 0x85ebca6b;
    x = (x ^ (x >>> 13)) * 0xc2b2ae35;
    return x ^ (x >>> 16);
  }
}
