package io.yunfu.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class LogLinesTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final LoggerContext context = new LoggerContext();

  private LogLines lines(OutputStream out, int bound) {
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    LogLines lines = new LogLines(() -> stream, bound);
    context.setMDCAdapter(new LogbackMDCAdapter());
    lines.setContext(context);
    lines.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.setLevel(Level.DEBUG);
    root.addAppender(lines);
    return lines;
  }

  private List<String> flushed(LogLines lines) {
    lines.flush(Duration.ofSeconds(5).toNanos());
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void each_event_is_one_json_object_whatever_it_says() {
    LogLines lines = lines(written, 100);
    String strange = "a\"b\\c\nd\r\te\u0000\u001b[31m\u2028中\ud83d\ude00";
    context
        .getLogger("x.y")
        .atWarn()
        .addKeyValue("text", strange)
        .addKeyValue("number", 1.5)
        .addKeyValue("flag", true)
        .addKeyValue("none", (Object) null)
        .setCause(new IllegalStateException(strange))
        .log("{} of {}", strange, 2);
    List<String> printed = flushed(lines);
    assertThat(printed).hasSize(1);
    JsonNode line = JsonMapper.shared().readTree(printed.getFirst());
    assertThat(line.get("level").asString()).isEqualTo("WARN");
    assertThat(line.get("logger").asString()).isEqualTo("x.y");
    assertThat(line.get("message").asString()).isEqualTo(strange + " of 2");
    assertThat(line.get("text").asString()).isEqualTo(strange);
    assertThat(line.get("number").asDouble()).isEqualTo(1.5);
    assertThat(line.get("flag").asBoolean()).isTrue();
    assertThat(line.get("none").asString()).isEqualTo("null");
    assertThat(line.get("time").asString()).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}Z");
    assertThat(line.get("error").asString()).contains("IllegalStateException", "LogLinesTest");
  }

  @Test
  void text_lines_read_along() {
    LogLines lines = lines(written, 100);
    lines.format(LineFormat.TEXT);
    context.getLogger("io.yunfu.Some").atInfo().addKeyValue("key", "v w").log("hello");
    assertThat(flushed(lines).getFirst()).matches("[\\d:.]{12} INFO  Some: hello key=v w");
  }

  @Test
  void a_line_without_end_is_cut_and_stays_json() {
    LogLines lines = lines(written, 100);
    context.getLogger("x").info("\\".repeat(100_000));
    String line = flushed(lines).getFirst();
    assertThat(line).hasSizeLessThan(40_000);
    assertThat(JsonMapper.shared().readTree(line).get("message").asString()).endsWith("…");
  }

  @Test
  void a_reader_that_stalls_stops_nobody_and_the_loss_is_told() throws Exception {
    var stall = new CountDownLatch(1);
    OutputStream slow =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new UnsupportedOperationException();
          }

          @Override
          public void write(byte[] bytes, int start, int length) {
            try {
              stall.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            written.write(bytes, start, length);
          }
        };
    LogLines lines = lines(slow, 10);
    long start = System.nanoTime();
    for (int i = 0; i < 1000; i++) {
      context.getLogger("x").info("line {}", i);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(lines.lost()).isGreaterThan(900);
    stall.countDown();
    context.getLogger("x").info("last");
    List<String> printed = flushed(lines);
    assertThat(printed).anyMatch(line -> line.contains("log lines were lost"));
    assertThat(printed).allMatch(line -> JsonMapper.shared().readTree(line).isObject());
    assertThat(printed.getLast()).containsAnyOf("last", "lost");
  }

  @Test
  void the_jdks_own_logging_goes_the_same_way() {
    Logging.configure(io.yunfu.server.config.Configuration.with(java.util.Map.of()).log());
    assertThat(java.util.logging.LogManager.getLogManager().getLogger("").getHandlers()).hasSize(1);
    java.util.logging.Logger.getLogger("org.example").warning("heard"); // and nothing throws
  }
}
