package io.yunfu.billing.account;

import io.yunfu.kernel.Uin;
import java.util.random.RandomGenerator;

/// Numbers for new owners and sub-users: 12 random digits, as the vendor's have, that nobody has
/// yet. Two who draw at the same time may draw the same; the directory then gives it to one.
final class FreeUins {
  private static final long FIRST = 100_000_000_000L;
  private static final long LAST = 999_999_999_999L;

  /// Among 9e11 numbers, a few millions of which are taken, ten in a row never are.
  private static final int TRIES = 10;

  private final Directory directory;
  private final RandomGenerator random;

  FreeUins(Directory directory, RandomGenerator random) {
    this.directory = directory;
    this.random = random;
  }

  Uin next() {
    for (int tries = 0; tries < TRIES; tries++) {
      Uin uin = new Uin(random.nextLong(FIRST, LAST + 1));
      if (!directory.isTaken(uin)) {
        return uin;
      }
    }
    throw new IllegalStateException("no free uin in " + TRIES + " tries");
  }
}
