package io.yunfu.bench.load;

import static io.yunfu.kernel.Check.require;

import java.net.InetSocketAddress;
import java.time.Duration;

/// How a server is asked.
///
/// @param connections open at the same time, each with one request under way at most
/// @param threads of the generator; one is enough for some 100 000 calls per second of CPU time
/// @param warmUp asked like the rest, but not counted
/// @param measured the window that counts: what is answered in it
public record Load(
    InetSocketAddress server,
    int connections,
    int threads,
    Pace pace,
    Duration warmUp,
    Duration measured) {
  public Load {
    require(threads >= 1, "a generator needs a thread");
    require(
        connections >= threads,
        "%d connections cannot be shared by %d threads",
        connections,
        threads);
    require(!warmUp.isNegative() && measured.isPositive(), "a window is positive");
  }
}
