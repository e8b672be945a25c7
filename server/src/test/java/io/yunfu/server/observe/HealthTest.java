package io.yunfu.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.http.Handler;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HealthTest {
  private static final Duration NO_CACHE = Duration.ZERO;
  private static final Duration PATIENT = Duration.ofSeconds(10);

  private static String text(Handler page, int status) {
    Response response = page.handle(Request.get("/", Headers.NONE));
    assertThat(response.status()).isEqualTo(status);
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @Test
  void a_node_that_is_well_is_live_and_ready() {
    Health health = new Health().check("database", Optional::empty).check("lane", Optional::empty);
    assertThat(text(health.live(), 200)).isEqualTo("{\"status\":\"live\"}");
    assertThat(text(health.ready(), 200))
        .isEqualTo("{\"status\":\"ready\",\"checks\":{\"database\":\"ok\",\"lane\":\"ok\"}}");
  }

  @Test
  void each_cause_is_named_and_the_process_is_live_all_the_same() {
    Health health =
        new Health()
            .check("lane", Optional::empty)
            .check("migrations", () -> Optional.of("schema \"directory\" is newer"))
            .check(
                "database",
                () -> {
                  throw new IllegalStateException("connection refused, password=hunter2");
                });
    assertThat(text(health.ready(), 503))
        .isEqualTo(
            """
            {"status":"not ready","checks":{"lane":"ok",\
            "migrations":"schema \\"directory\\" is newer",\
            "database":"connection refused, password=***"}}\
            """);
    assertThat(text(health.live(), 200)).contains("live");
  }

  @Test
  void a_check_that_hangs_has_failed_and_delays_nobody_for_long() {
    Health health =
        new Health(Duration.ofMillis(200), NO_CACHE)
            .check(
                "slow",
                () -> {
                  Thread.sleep(20_000);
                  return Optional.empty();
                })
            .check("quick", Optional::empty);
    assertThat(text(health.ready(), 503))
        .contains("\"slow\":\"no answer within 200 ms\"", "\"quick\":\"ok\"");
  }

  @Test
  void a_disk_without_space_is_named(@TempDir Path directory) {
    Health spacious = new Health(PATIENT, NO_CACHE).check("disk", new DataDisk(directory));
    assertThat(text(spacious.ready(), 200)).contains("\"disk\":\"ok\"");
    // What is not there has no space either.
    Path gone = directory.resolve("gone");
    Health full = new Health(PATIENT, NO_CACHE).check("disk", new DataDisk(gone));
    assertThat(text(full.ready(), 503)).contains("0 MB are left on the disk of " + gone);
  }

  @Test
  void a_stopping_node_takes_no_more_work() {
    Health health = new Health().check("database", Optional::empty);
    assertThat(text(health.ready(), 200)).contains("ready");
    health.stopping();
    assertThat(text(health.ready(), 503)).contains("\"status\":\"stopping\"");
    assertThat(text(health.live(), 200)).contains("live");
  }

  @Test
  void whoever_asks_often_does_not_ask_the_database_often() {
    var asked = new AtomicInteger();
    Health health =
        new Health(Duration.ofSeconds(1), Duration.ofMinutes(1))
            .check(
                "database",
                () -> {
                  asked.incrementAndGet();
                  return Optional.empty();
                });
    for (int i = 0; i < 100; i++) {
      text(health.ready(), 200);
    }
    assertThat(asked).hasValue(1);
  }
}
