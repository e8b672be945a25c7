package io.yunfu.channels.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.channels.Unreadable;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

class BeijingTimeTest {
  @Test
  void the_machine_s_zone_does_not_matter() {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("UTC", "Asia/Shanghai", "America/New_York")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        assertThat(BeijingTime.of(Instant.parse("2026-01-01T04:00:00Z")))
            .isEqualTo("2026-01-01 12:00:00");
        assertThat(BeijingTime.parse("t", "2026-01-01 00:00:00"))
            .isEqualTo(Instant.parse("2025-12-31T16:00:00Z"));
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void the_time_of_a_refund_has_a_fraction() {
    assertThat(BeijingTime.parse("gmt_refund", "2026-01-01 12:00:20.123"))
        .isEqualTo(Instant.parse("2026-01-01T04:00:20.123Z"));
  }

  @Test
  void what_is_no_time_is_unreadable() {
    for (String text :
        List.of("", "2026-02-30 12:00:00", "2026-01-01T12:00:00", "2026-01-01", "1767240000")) {
      assertThatThrownBy(() -> BeijingTime.parse("gmt_payment", text))
          .as(text)
          .isInstanceOf(Unreadable.class)
          .hasMessage("gmt_payment is not a time");
    }
  }
}
