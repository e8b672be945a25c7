package io.yunfu.simulator.wechat;

import static io.yunfu.testkit.Property.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
  private static final DateTimeFormatter STRICT =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withResolverStyle(ResolverStyle.STRICT);

  @Test
  void a_time_is_beijing_time() {
    assertThat(Times.readOrder("20240229235959")).contains(Instant.parse("2024-02-29T15:59:59Z"));
    assertThat(Times.order(Instant.parse("2024-02-29T15:59:59Z"))).isEqualTo("20240229235959");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024",
        "20240230000000",
        "20241301000000",
        "20240101240000",
        "20240101006000",
        "20240101000060",
        "2024-01-0100000",
        "2024010100000",
        "202401010000000",
        "２0240101000000",
      })
  void what_is_no_time_is_none(String text) {
    assertThat(Times.readOrder(text)).isEmpty();
  }

  @Test
  void digits_mean_what_a_strict_formatter_reads_in_them() {
    forAll(TimesTest::digits, text -> assertThat(Times.readOrder(text)).isEqualTo(parsed(text)));
  }

  /// Often just within, often just out of bounds.
  private static String digits(RandomGenerator random) {
    return "%04d%02d%02d%02d%02d%02d"
        .formatted(
            random.nextInt(10_000),
            random.nextInt(14),
            random.nextInt(33),
            random.nextInt(26),
            random.nextInt(62),
            random.nextInt(62));
  }

  private static Optional<Instant> parsed(String text) {
    try {
      return Optional.of(LocalDateTime.parse(text, STRICT).toInstant(Times.BEIJING));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
