package io.yunfu.server.api.billing;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// The ids of requests: UUID version 4, lower case. They name log lines and are no secrets, so they
/// come from a fast generator with a large state; only its seed is drawn from the system.
public final class RequestIds implements Supplier<String> {
  /// 384 bits of state: nodes that start at the same time never share a sequence.
  private static final String ALGORITHM = "L128X256MixRandom";

  private static final int SEED_BYTES = 48;

  private final RandomGenerator random;

  /// @param random used by one thread at a time
  RequestIds(RandomGenerator random) {
    this.random = random;
  }

  public static RequestIds seededBy(SecureRandom seeds) {
    byte[] seed = new byte[SEED_BYTES];
    seeds.nextBytes(seed);
    return new RequestIds(RandomGeneratorFactory.of(ALGORITHM).create(seed));
  }

  @Override
  public String get() {
    long high;
    long low;
    synchronized (random) {
      high = random.nextLong();
      low = random.nextLong();
    }
    return new UUID((high & ~0xF000L) | 0x4000L, (low & ~(3L << 62)) | (1L << 63)).toString();
  }
}
