package io.yunfu.simulator.http;

/// Who answers what comes in at a listener.
@FunctionalInterface
public interface Door {
  Transmission open(Inbound inbound) throws InterruptedException;

  /// Whether that takes microseconds, and waits for nobody outside: then the thread that listens
  /// asks, which costs much less than to hand each request to a thread of its own.
  default boolean isQuick() {
    return false;
  }
}
