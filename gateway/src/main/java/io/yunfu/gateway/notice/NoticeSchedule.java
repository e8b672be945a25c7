package io.yunfu.gateway.notice;

import io.yunfu.gateway.merchant.Merchant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// When a notice that was not taken is sent again: the pauses before each further attempt.
///
/// @param standard of providers for which nothing else was said
/// @param longer of those that were given the long one
public record NoticeSchedule(List<Duration> standard, List<Duration> longer) {
  /// Three more times, 30 to 60 s apart. Source: `cloudpay.md` section 2.20. The longer one goes on
  /// for a day, as the channels themselves do. Source: `channels.md` section 2.13.
  public static final NoticeSchedule USUAL =
      new NoticeSchedule(
          List.of(Duration.ofSeconds(30), Duration.ofSeconds(45), Duration.ofMinutes(1)),
          List.of(
              Duration.ofSeconds(15),
              Duration.ofSeconds(15),
              Duration.ofSeconds(30),
              Duration.ofMinutes(3),
              Duration.ofMinutes(10),
              Duration.ofMinutes(20),
              Duration.ofMinutes(30),
              Duration.ofMinutes(30),
              Duration.ofMinutes(30),
              Duration.ofHours(1),
              Duration.ofHours(3),
              Duration.ofHours(3),
              Duration.ofHours(3),
              Duration.ofHours(6),
              Duration.ofHours(6)));

  public NoticeSchedule {
    standard = List.copyOf(standard);
    longer = List.copyOf(longer);
  }

  /// The pause after this many attempts; empty when that was the last.
  Optional<Duration> after(Merchant.Schedule schedule, int attempts) {
    List<Duration> pauses =
        switch (schedule) {
          case STANDARD -> standard;
          case LONG -> longer;
        };
    return attempts >= 1 && attempts <= pauses.size()
        ? Optional.of(pauses.get(attempts - 1))
        : Optional.empty();
  }
}
