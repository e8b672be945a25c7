package io.yunfu.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.yunfu.db.LaneListener;
import java.time.Duration;
import java.util.Map;

/// What one lane does.
final class LaneFigures implements LaneListener {
  private final String lane;
  private final Traces traces;
  private final Timer wait;
  private final Timer batch;
  private final DistributionSummary size;
  private final Counter retries;
  private final Counter refused;
  private final Counter withdrawn;
  private final Counter poison;
  private final Counter unknown;

  LaneFigures(String lane, Metrics metrics, Traces traces) {
    this.lane = lane;
    this.traces = traces;
    String[] tag = {"lane", lane};
    this.wait = metrics.timer("yunfu.lane.wait", "How long commands wait for the lane", tag);
    this.batch = metrics.timer("yunfu.lane.batch", "How long a batch takes", tag);
    this.size = metrics.sizes("yunfu.lane.batch.commands", "Commands in one batch", tag);
    this.retries =
        metrics.counter("yunfu.lane.retries", "Transactions beyond a batch's first", tag);
    this.refused = metrics.counter("yunfu.lane.refused", "Commands that found the queue full", tag);
    this.withdrawn =
        metrics.counter("yunfu.lane.withdrawn", "Commands whose patience ended in the queue", tag);
    this.poison = metrics.counter("yunfu.lane.poison", "Commands that failed alone", tag);
    this.unknown =
        metrics.counter("yunfu.lane.unknown", "Commands whose commit had to be looked up", tag);
  }

  @Override
  public void waited(Duration time) {
    wait.record(time);
  }

  @Override
  public void answered(Duration waited, Duration ran) {
    toRequest(waited, ran);
  }

  static void toRequest(Duration waited, Duration ran) {
    long now = System.nanoTime();
    long taken = now - ran.toNanos();
    RequestTimes.add(Part.QUEUE, taken - waited.toNanos(), taken);
    RequestTimes.add(Part.LANE, taken, now);
  }

  @Override
  public void ran(int commands, Duration time, int again) {
    batch.record(time);
    size.record(commands);
    if (again > 0) {
      retries.increment(again);
    }
    traces.worked(
        "lane batch", time, Map.of("lane", lane, "commands", Integer.toString(commands)), false);
  }

  @Override
  public void refused() {
    refused.increment();
  }

  @Override
  public void withdrawn() {
    withdrawn.increment();
  }

  @Override
  public void poisoned() {
    poison.increment();
  }

  @Override
  public void unknown(int commands) {
    unknown.increment(commands);
  }
}
