package io.yunfu.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
  private final Set<Integer> seen = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;

  /// What the server does before it answers with the number it was sent.
  private volatile Delay delay = number -> {};

  private interface Delay {
    void before(int number) throws Exception;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String text = new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
    try {
      delay.before(Integer.parseInt(text));
    } catch (Exception e) {
      exchange.close();
      return;
    }
    seen.add(Integer.parseInt(text));
    exchange.sendResponseHeaders(200, text.length());
    exchange.getResponseBody().write(text.getBytes(ISO_8859_1));
    exchange.close();
  }

  @Test
  void every_request_that_was_sent_has_its_answer_at_the_end() throws InterruptedException {
    Outcome outcome = run(new Pace.Closed(), 8, 2, 300, this::call);
    assertThat(outcome.troubles()).isEmpty();
    assertThat(outcome.answered()).isPositive().isLessThanOrEqualTo(outcome.right());
    assertThat(outcome.right()).isEqualTo(outcome.sent()).isEqualTo(seen.size());
  }

  @Test
  void a_connection_has_one_request_under_way_at_most() throws InterruptedException {
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    delay =
        number -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.sleep(5);
          now.decrementAndGet();
        };
    run(new Pace.Closed(), 3, 1, 300, this::call);
    assertThat(most.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void the_run_ends_when_there_are_no_more_calls() throws InterruptedException {
    Outcome outcome =
        run(new Pace.Closed(), 4, 1, 20_000, () -> next.get() < 50 ? call() : Optional.empty());
    assertThat(outcome.ranOut()).isTrue();
    assertThat(outcome.right()).isEqualTo(50);
  }

  @Test
  void wrong_answers_and_refusals_are_counted_by_what_they_say() throws InterruptedException {
    var verdicts =
        List.of(Verdict.RIGHT, new Verdict.Refused("NoFunds"), new Verdict.Wrong("no echo"));
    Outcome outcome =
        run(
            new Pace.Closed(),
            2,
            1,
            20_000,
            () -> {
              int number = next.getAndIncrement();
              return number < 30
                  ? Optional.of(new Numbered(number, verdicts.get(number % 3)))
                  : Optional.empty();
            });
    assertThat(outcome.right()).isEqualTo(10);
    assertThat(outcome.troubles()).containsOnlyKeys("NoFunds", "no echo").containsValues(10L);
  }

  @Test
  void a_connection_that_breaks_is_counted_and_the_others_go_on() throws InterruptedException {
    delay =
        number -> {
          if (number == 7) {
            throw new IOException("broken on purpose");
          }
        };
    Outcome outcome = run(new Pace.Closed(), 4, 1, 300, this::call);
    assertThat(outcome.sent()).isEqualTo(outcome.right() + 1);
    assertThat(outcome.troubles().values().stream().mapToLong(Long::longValue).sum()).isOne();
    assertThat(outcome.right()).isGreaterThan(10);
  }

  @Test
  void an_open_load_sends_as_much_as_is_due_whatever_the_answers_take()
      throws InterruptedException {
    Outcome outcome = run(new Pace.Open(200), 16, 2, 2000, this::call);
    // 200 per second for two seconds: five standard deviations on either side.
    assertThat(outcome.sent()).isBetween(300L, 500L);
    assertThat(outcome.troubles()).isEmpty();
  }

  @Test
  void in_an_open_load_a_stall_delays_everything_that_was_due_meanwhile()
      throws InterruptedException {
    var stalled = new AtomicLong();
    delay =
        number -> {
          if (number >= 50 && stalled.compareAndSet(0, 1)) {
            Thread.sleep(500);
          }
        };
    // One connection: while it waits half a second, a hundred more requests fall due.
    Outcome outcome = run(new Pace.Open(200), 1, 1, 2000, this::call);
    long late =
        outcome
            .latencies()
            .getCountBetweenValues(50_000, outcome.latencies().getHighestTrackableValue());
    assertThat(late).as("answers that took more than 50 ms").isGreaterThan(30);
  }

  @Test
  void a_server_that_is_not_there_is_told_at_once() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var load = new Load(nobody, 1, 1, new Pace.Closed(), Duration.ZERO, Duration.ofSeconds(1));
    assertThatThrownBy(() -> LoadGenerator.start(load, this::call, new SplittableRandom(1)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot be reached");
  }

  private Outcome run(Pace pace, int connections, int workers, int millis, Calls calls)
      throws InterruptedException {
    var load =
        new Load(
            server.getAddress(),
            connections,
            workers,
            pace,
            Duration.ofMillis(50),
            Duration.ofMillis(millis));
    try (var generator = LoadGenerator.start(load, calls, new SplittableRandom(1))) {
      return generator.finish();
    }
  }

  private Optional<Call> call() {
    return Optional.of(new Numbered(next.getAndIncrement(), Verdict.RIGHT));
  }

  /// Sends a number and wants it back.
  private record Numbered(int number, Verdict verdict) implements Call {
    @Override
    public void write(ByteBuffer out, long epochSecond) {
      String body = Integer.toString(number);
      out.put(
          ("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
              .getBytes(ISO_8859_1));
    }

    @Override
    public Verdict judge(Answer answer) {
      return answer.body(100).equals(Integer.toString(number))
          ? verdict
          : new Verdict.Wrong("the answer to another request");
    }
  }
}
