package io.yunfu.bench;

import java.util.concurrent.atomic.AtomicLongArray;

/// The client's own book: which deals it asked to pay, and which it was told are paid. Held against
/// the database afterwards. Any thread may write.
final class Receipts {
  private final long first;
  private final AtomicLongArray asked;
  private final AtomicLongArray acknowledged;
  private volatile long end;

  /// For so many numbers from `first` on.
  Receipts(long first, long count) {
    this.first = first;
    this.end = first + count;
    int words = Math.toIntExact((count + 63) / 64);
    this.asked = new AtomicLongArray(words);
    this.acknowledged = new AtomicLongArray(words);
  }

  long first() {
    return first;
  }

  /// The number after the last one.
  long end() {
    return end;
  }

  /// Leaves out what comes after: nobody has asked for it.
  void endAt(long number) {
    end = number;
  }

  void ask(long number) {
    set(asked, number);
  }

  void acknowledge(long number) {
    set(acknowledged, number);
  }

  boolean isAsked(long number) {
    return get(asked, number);
  }

  boolean isAcknowledged(long number) {
    return get(acknowledged, number);
  }

  long acknowledged() {
    long sum = 0;
    for (int i = 0; i < acknowledged.length(); i++) {
      sum += Long.bitCount(acknowledged.get(i));
    }
    return sum;
  }

  private void set(AtomicLongArray bits, long number) {
    long bit = 1L << ((number - first) & 63);
    bits.getAndAccumulate((int) ((number - first) >>> 6), bit, (had, more) -> had | more);
  }

  private boolean get(AtomicLongArray bits, long number) {
    return (bits.get((int) ((number - first) >>> 6)) & 1L << ((number - first) & 63)) != 0;
  }
}
