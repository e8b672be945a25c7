package io.yunfu.simulator.http;

/// Who answers what comes in at a listener.
@FunctionalInterface
public interface Door {
  Transmission open(Inbound inbound) throws InterruptedException;
}
