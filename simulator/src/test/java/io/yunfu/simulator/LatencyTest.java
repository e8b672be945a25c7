package io.yunfu.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.simulator.channel.Latency;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.seed.Seed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyTest {
  @Test
  void half_of_the_answers_come_within_the_median() {
    var latency = Latency.parse("lognormal");
    var draws = new Seed(1).of("test");
    long[] drawn =
        java.util.stream.LongStream.range(0, 10_001)
            .map(_ -> latency.draw(draws).toNanos())
            .sorted()
            .toArray();
    assertThat(Duration.ofNanos(drawn[5_000]))
        .isBetween(Duration.ofMillis(115), Duration.ofMillis(125));
    assertThat(Duration.ofNanos(drawn[9_900]))
        .isBetween(Duration.ofMillis(270), Duration.ofMillis(340));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "120ms", "lognormal:120ms:0.4", "lognormal:80ms:0.5"})
  void it_is_spelt_as_it_is_read(String text) {
    assertThat(Latency.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast", "120", "-1ms", "lognormal:0ms", "lognormal:1ms:9", "1e9ms"})
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> Latency.parse(text)).isInstanceOf(BadInput.class);
  }

  @Test
  void answers_take_as_long_as_was_asked_for() {
    try (var sandbox = Sandbox.start(SandboxSettings.DEFAULT.withLatency(Latency.parse("150ms")))) {
      long begin = System.nanoTime();
      var client = java.net.http.HttpClient.newHttpClient();
      var request =
          java.net.http.HttpRequest.newBuilder(
                  java.net.URI.create(
                      sandbox.base(io.yunfu.simulator.http.Port.WX_HTTP) + "/pay/orderquery"))
              .build();
      try (client) {
        assertThat(
                client
                    .send(request, java.net.http.HttpResponse.BodyHandlers.ofString())
                    .statusCode())
            .isEqualTo(200);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThanOrEqualTo(Duration.ofMillis(149));
    }
  }
}
