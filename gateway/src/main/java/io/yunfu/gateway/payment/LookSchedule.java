package io.yunfu.gateway.payment;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// When a channel is asked about what is not final, if nobody else asks. Source: `channels.md`
/// section 1.4.
///
/// @param orders how long after its creation an open order is looked at, in ascending order; after
///   the last, every minute until it expires
public record LookSchedule(List<Duration> orders) {
  public static final LookSchedule USUAL =
      new LookSchedule(
          List.of(
              Duration.ofSeconds(5),
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(40),
              Duration.ofMinutes(1)));

  private static final Duration THEN_EVERY = Duration.ofMinutes(1);

  /// At expiry the order is looked at and closed; the later looks are for late payments.
  private static final List<Duration> AFTER_EXPIRY =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofHours(6));

  private static final List<Duration> AFTER_REFUND =
      List.of(
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2));
  private static final Duration REFUND_THEN_EVERY = Duration.ofHours(6);
  private static final Duration REFUND_OFTEN_FOR = Duration.ofDays(3);
  private static final Duration REFUND_LAST = Duration.ofDays(30);

  /// An open order whose looks are over is looked at so often until the channel says something: it
  /// has to come to its end.
  static final Duration LAST_RESORT = Duration.ofHours(6);

  /// A close that the channel did not answer is told again after so long.
  static final Duration CLOSE_AGAIN_AFTER = Duration.ofMinutes(1);

  public LookSchedule {
    orders = orders.stream().sorted().toList();
  }

  /// The next look at an order, after `now`; empty when there is none left.
  Optional<Instant> ofOrder(Instant createdAt, Instant expiresAt, Instant now) {
    Instant next = whileOpen(createdAt, now);
    if (next.isBefore(expiresAt)) {
      return Optional.of(next);
    }
    return AFTER_EXPIRY.stream().map(expiresAt::plus).filter(at -> at.isAfter(now)).findFirst();
  }

  private Instant whileOpen(Instant createdAt, Instant now) {
    Instant last = createdAt;
    for (Duration after : orders) {
      last = createdAt.plus(after);
      if (last.isAfter(now)) {
        return last;
      }
    }
    long minutes = Math.max(0, Duration.between(last, now).dividedBy(THEN_EVERY)) + 1;
    return last.plus(THEN_EVERY.multipliedBy(minutes));
  }

  /// The next look at a refund; empty when it is left to people.
  static Optional<Instant> ofRefund(Instant sentAt, Instant now) {
    for (Duration after : AFTER_REFUND) {
      if (sentAt.plus(after).isAfter(now)) {
        return Optional.of(sentAt.plus(after));
      }
    }
    if (now.isBefore(sentAt.plus(REFUND_OFTEN_FOR))) {
      return Optional.of(now.plus(REFUND_THEN_EVERY));
    }
    return now.isBefore(sentAt.plus(REFUND_LAST))
        ? Optional.of(now.plus(Duration.ofDays(1)))
        : Optional.empty();
  }
}
