package io.yunfu.simulator.alipay;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long a trade waits for its payer: `timeout_express`, `1m` to `15d`, or `1c` for the end of
/// today in Beijing. Source: channels.md, section 4.3.
///
/// @param life none: until the end of the day
record TimeLimit(Optional<Duration> life) {
  /// Where neither this nor a deadline is given, in a shop.
  static final TimeLimit IN_STORE = new TimeLimit(Optional.of(Duration.ofHours(3)));

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})([mhd])");
  private static final Duration MOST = Duration.ofDays(15);

  /// Empty for what is none of these, or longer than 15 days.
  static Optional<TimeLimit> read(String text) {
    if (text.equals("1c")) {
      return Optional.of(new TimeLimit(Optional.empty()));
    }
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(parts.group(1));
    Duration life =
        switch (parts.group(2)) {
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    return life.compareTo(MOST) > 0
        ? Optional.empty()
        : Optional.of(new TimeLimit(Optional.of(life)));
  }

  /// When a trade that begins now is over.
  Instant from(Instant now) {
    return life.map(now::plus)
        .orElseGet(() -> BeijingTime.startOf(BeijingTime.date(now).plusDays(1)));
  }
}
