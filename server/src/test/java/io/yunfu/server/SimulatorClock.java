package io.yunfu.server;

import io.yunfu.simulator.clock.Timeline;
import io.yunfu.testkit.ManualClock;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Reads the simulator's clock, so that both sides of a test live at the same time.
final class SimulatorClock extends Clock {
  private final Timeline timeline;

  SimulatorClock(Timeline timeline) {
    this.timeline = timeline;
  }

  @Override
  public Instant instant() {
    return timeline.now();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new ManualClock(instant()).withZone(zone);
  }
}
