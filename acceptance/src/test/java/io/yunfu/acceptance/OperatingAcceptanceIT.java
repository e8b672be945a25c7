package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What an operator meets who starts, watches and misconfigures a server.
class OperatingAcceptanceIT {
  private static final int CANNOT = 1;
  private static final int USAGE = 2;

  private final DemoServer demo = DemoServer.shared();
  private final Path directory = Scratch.directory();

  @Test
  void a_taken_port_is_named_and_nothing_is_left_running() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Program.Ended ended =
          serve(Map.of("YUNFU_HTTP_PORT", Integer.toString(taken.getLocalPort())));
      assertThat(ended.status()).isEqualTo(CANNOT);
      assertThat(ended.err())
          .contains("port " + taken.getLocalPort())
          .contains("taken")
          .contains("http.port");
      requireNoStackTrace(ended);
    }
    assertThat(Scratch.database(directory)).isEmpty();
  }

  @Test
  void all_mistakes_in_the_settings_are_told_at_once_and_nothing_starts() throws IOException {
    Path file = directory.resolve("settings.conf");
    Files.writeString(
        file,
        """
        # what an operator typed
        http.prot = 8081
        pay.delivery-wait = 10 minutes
        master-key = not-a-key
        """);
    Program.Ended ended =
        Program.run(
            directory,
            Map.of("YUNFU_DATABASE_POOL_SIZE", "0", "YUNFU_HTPP_HOST", "0.0.0.0"),
            "serve",
            "--config",
            file.toString());
    assertThat(ended.status()).isEqualTo(USAGE);
    assertThat(ended.err())
        .contains("http.prot", "http.port") // and what was probably meant
        .contains("pay.delivery-wait")
        .contains("YUNFU_DATABASE_POOL_SIZE")
        .contains("YUNFU_HTPP_HOST", "YUNFU_HTTP_HOST")
        .doesNotContain("not-a-key");
    requireNoStackTrace(ended);
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void an_unknown_option_and_a_missing_file_are_named() {
    Program.Ended option = Program.run(directory, Map.of(), "serve", "--prot", "1");
    assertThat(option.status()).isEqualTo(USAGE);
    assertThat(option.err()).contains("--prot");
    Program.Ended file = Program.run(directory, Map.of(), "serve", "--config", "no-such-file");
    assertThat(file.status()).isEqualTo(USAGE);
    assertThat(file.err()).contains("no-such-file");
    requireNoStackTrace(file);
  }

  @Test
  void every_command_has_help() {
    for (String command : List.of("demo", "serve", "admin", "verify", "bench")) {
      Program.Ended ended = Program.run(directory, Map.of(), command, "--help");
      assertThat(ended.status()).as(command).isZero();
      assertThat(ended.out()).as(command).contains("Usage: yunfu").contains(command);
    }
  }

  @Test
  void an_external_database_that_is_away_is_named_without_its_password() {
    String secret = "hunter2-of-the-database";
    Secrets.remember(secret);
    Program.Ended ended =
        serve(
            Map.of(
                "YUNFU_DATABASE_URL",
                "postgresql://127.0.0.1:" + LoopbackPorts.free() + "/yunfu",
                "YUNFU_DATABASE_PASSWORD",
                secret,
                "YUNFU_MASTER_KEY",
                "0123456789abcdef".repeat(4)));
    assertThat(ended.status()).isEqualTo(CANNOT);
    assertThat(ended.err()).contains("database").doesNotContain(secret);
    requireNoStackTrace(ended);
  }

  @Test
  void health_pages_answer_without_a_key_and_tell_causes() throws IOException {
    Answer live = get("/live");
    assertThat(live.status()).isEqualTo(200);
    Answer ready = get("/ready");
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.text()).contains("cell");
  }

  @Test
  void metrics_are_in_the_format_of_prometheus_and_tell_of_requests_lanes_and_database()
      throws IOException {
    Operator operator = demo.operator();
    Customer customer = operator.customer(Edition.CHINA, 100);
    Order order = operator.order(customer, 100);
    assertThat(CallV3.post(customer.key(), "PayDeals", order.json()).to(demo.port()).code())
        .isEqualTo(Answer.OK);
    Answer metrics = get("/metrics");
    assertThat(metrics.status()).isEqualTo(200);
    assertThat(metrics.header("Content-Type")).startsWith("text/plain");
    assertThat(metrics.text().lines())
        .allMatch(line -> line.startsWith("#") || line.matches("[a-z0-9_:]+(\\{.*})? \\S+"))
        .anyMatch(line -> line.contains("PayDeals"))
        .anyMatch(line -> line.contains("lane"))
        .anyMatch(line -> line.contains("database") || line.contains("pool"))
        .anyMatch(line -> line.contains("deliver"));
    assertThat(metrics.text()).doesNotContain(customer.key().secretId());
  }

  /// One `serve` from its first start to a directory that a newer version has changed.
  @Test
  void a_first_start_makes_what_it_needs_and_a_newer_directory_is_refused() throws Exception {
    var installation = new Installation();
    Installation.Node node = installation.startWithoutToken();
    Path data = installation.data();
    assertThat(Files.getPosixFilePermissions(data.resolve("master.key")))
        .hasToString("[OWNER_READ, OWNER_WRITE]");
    installation.asIfFromTheFuture();
    node.stop();
    assertThat(Scratch.database(data)).isEmpty();

    Installation.Node again = installation.launch();
    Program.Ended ended = again.program().ended();
    assertThat(ended.status()).isEqualTo(CANNOT);
    assertThat(ended.err()).containsIgnoringCase("newer");
    requireNoStackTrace(ended);
    assertThat(Scratch.database(data)).isEmpty();
  }

  /// The first server has it made; a later start uses it, and is not harmed by one that is broken.
  @Test
  void what_java_keeps_for_the_next_start_is_made_used_and_when_broken_passed_over()
      throws Exception {
    Path caches = directory.resolve("caches");
    var installation = new Installation(Map.of("YUNFU_AOT_CACHE", caches.toString()));
    Installation.Node first = installation.start();
    first.program().await("the cache is made", () -> cacheIn(caches).isPresent());
    Path cache = cacheIn(caches).orElseThrow();
    first.stop();
    assertThat(first.program().err()).isEmpty();

    Installation.Node second = installation.start();
    second.stop();
    assertThat(second.program().err()).isEmpty();
    assertThat(second.program().out().lines()).allMatch(line -> line.startsWith("{"));

    Path whole = Files.copy(cache, directory.resolve("whole"));
    for (byte[] broken :
        List.of(
            new byte[0], "no cache".getBytes(UTF_8), firstHalfOf(whole), ofAnotherJava(whole))) {
      Files.write(cache, broken);
      Installation.Node third = installation.start();
      third.stop();
      assertThat(third.program().err()).isEmpty();
      assertThat(third.program().out().lines()).allMatch(line -> line.startsWith("{"));
    }
  }

  private static byte[] firstHalfOf(Path cache) throws IOException {
    byte[] all = Files.readAllBytes(cache);
    return Arrays.copyOf(all, all.length / 2);
  }

  /// Its head names the Java machine that made it.
  private static byte[] ofAnotherJava(Path cache) throws IOException {
    byte[] all = Files.readAllBytes(cache);
    Arrays.fill(all, 0, 256, (byte) 'x');
    return all;
  }

  private static Optional<Path> cacheIn(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".aot")).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Program.Ended serve(Map<String, String> environment) {
    var all = new HashMap<String, String>();
    all.put("YUNFU_DATA_DIRECTORY", directory.resolve("data").toString());
    all.put("YUNFU_HTTP_PORT", "0");
    all.putAll(environment);
    if (all.containsKey("YUNFU_DATABASE_URL")) {
      all.remove("YUNFU_DATA_DIRECTORY");
    }
    return Program.run(directory, all, "serve");
  }

  private Answer get(String path) throws IOException {
    return Connection.exchange(
        demo.port(), "GET %s HTTP/1.1\r\nHost: a\r\n\r\n".formatted(path).getBytes(UTF_8));
  }

  /// An operator is told what to do, not where in the code it was noticed.
  private static void requireNoStackTrace(Program.Ended ended) {
    assertThat(ended.out() + ended.err()).doesNotContain("\tat ").doesNotContain("Exception");
  }
}
