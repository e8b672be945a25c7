package io.yunfu.billing.delivery;

import static io.yunfu.kernel.Check.require;

import java.time.Duration;

/// How deliveries are worked.
///
/// @param batch deals of one transaction at most
/// @param poll how often the queue is looked at while there is something in it. A node's own
///   payments do not wait for it.
/// @param idlePoll the same once the queue has been empty for a while
/// @param headStart how long other nodes leave a paid deal to the node that was paid, which
///   delivers it at once unless it has died
/// @param callsPerProvider calls to one HTTP provider that this node makes at a time, per cell
/// @param firstRetry the pause after the first call without a definite answer; it doubles from
///   there
/// @param longestRetry and ends here
/// @param giveUpAfter without any definite answer for this long, a delivery fails
/// @param acceptedAtMost a provider that said "accepted" and then comes to no end for this long has
///   failed
/// @param circuitAfter after this many calls in a row without a definite answer, a provider gets no
///   calls for a pause, and then one at a time until it answers
/// @param circuitPause the first such pause; it doubles with every further failure
/// @param longestCircuitPause and ends here
/// @param stopGrace how long a stopping node waits for answers of calls it has begun
/// @param sampleEvery how often the size of the queue is counted for the metrics
public record DeliverySettings(
    int batch,
    Duration poll,
    Duration idlePoll,
    Duration headStart,
    int callsPerProvider,
    Duration firstRetry,
    Duration longestRetry,
    Duration giveUpAfter,
    Duration acceptedAtMost,
    int circuitAfter,
    Duration circuitPause,
    Duration longestCircuitPause,
    Duration stopGrace,
    Duration sampleEvery) {

  public static final DeliverySettings DEFAULT =
      new DeliverySettings(
          500,
          Duration.ofMillis(250),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          16,
          Duration.ofSeconds(1),
          Duration.ofHours(1),
          Duration.ofHours(24),
          Duration.ofDays(7),
          5,
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10));

  public DeliverySettings {
    require(batch >= 1 && batch <= 5000, "a batch has 1 to 5000 deals, not %d", batch);
    require(poll.toMillis() >= 10, "a poll takes 10 ms at least: %s", poll);
    require(poll.compareTo(idlePoll) <= 0, "idle, the poll is not faster: %s", idlePoll);
    require(!headStart.isNegative(), "a head start is not negative: %s", headStart);
    require(
        callsPerProvider >= 1 && callsPerProvider <= 1000,
        "calls per provider are 1 to 1000, not %d",
        callsPerProvider);
    require(firstRetry.toMillis() >= 1, "the first retry is after 1 ms at least: %s", firstRetry);
    require(firstRetry.compareTo(longestRetry) <= 0, "retries do not get faster: %s", longestRetry);
    require(giveUpAfter.isPositive(), "giving up takes some time: %s", giveUpAfter);
    require(acceptedAtMost.isPositive(), "giving up takes some time: %s", acceptedAtMost);
    require(circuitAfter >= 1, "a circuit opens after 1 failure at least, not %d", circuitAfter);
    require(circuitPause.toMillis() >= 1, "a circuit opens for 1 ms at least: %s", circuitPause);
    require(
        circuitPause.compareTo(longestCircuitPause) <= 0,
        "pauses do not get shorter: %s",
        longestCircuitPause);
    require(!stopGrace.isNegative(), "a grace is not negative: %s", stopGrace);
    require(sampleEvery.toMillis() >= 100, "samples are 100 ms apart at least: %s", sampleEvery);
  }
}
