package io.yunfu.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class MainTest {
  private static final Path MANUAL = Path.of("..", "docs", "operating", "simulator.md");

  @TempDir private Path directory;

  @Test
  void help_is_there() {
    var out = new StringWriter();
    assertThat(Main.run(new PrintWriter(out), "--help")).isZero();
    assertThat(out.toString()).contains("--credentials", "--latency", "WeChat Pay");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port=telnet=23",
        "--port=admin=65536",
        "--clock=sometimes",
        "--clock=-1",
        "--notify=never",
        "--latency=long",
        "--now=noon",
        "--seed=x",
        "--what"
      })
  void a_command_that_makes_no_sense_ends_with_2(String option) {
    assertThat(Main.run(new PrintWriter(new StringWriter()), "--credentials=" + directory, option))
        .isEqualTo(2);
  }

  @Test
  void a_configuration_that_makes_no_sense_ends_with_2() throws Exception {
    Path file = directory.resolve("config.json");
    Files.writeString(file, "{\"wechat\": {\"clos\": \"strict\"}}");
    assertThat(
            Main.run(
                new PrintWriter(new StringWriter()),
                "--config=" + file,
                "--credentials=" + directory))
        .isEqualTo(2);
  }

  @Test
  void a_port_that_is_taken_ends_with_1() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(
              Main.run(
                  new PrintWriter(new StringWriter()),
                  "--credentials=" + directory,
                  "--port=admin=" + taken.getLocalPort()))
          .isEqualTo(1);
    }
  }

  @Test
  void the_line_of_the_start_tells_where_everything_is() throws Exception {
    try (var sandbox = Sandbox.start(SandboxSettings.DEFAULT.withCredentials(directory))) {
      JsonNode line = sandbox.description();
      assertThat(Json.text(line)).doesNotContain("\n").doesNotContain("TESTKEY");
      assertThat(line.at("/listeners/wx-https").asString())
          .isEqualTo(sandbox.base(Port.WX_HTTPS).toString())
          .startsWith("https://127.0.0.1:");
      assertThat(line.get("ca_fingerprint").asString()).matches("[0-9a-f]{64}");
      Path store = Path.of(line.at("/credentials/1900000001.p12").asString());
      assertThat(Files.size(store)).isPositive();
      assertThat(Files.readString(directory.resolve("ca.pem"))).startsWith("-----BEGIN CERT");
      assertThat(Files.getPosixFilePermissions(store)).hasSize(2); // of the owner alone
    }
  }

  @Test
  void a_configuration_file_sets_everything_up() {
    SandboxSettings settings =
        SandboxSettings.read(
            Json.read(
                """
                {"seed": 5, "ports": {"admin": 0}, "requests_kept": 7, "latency": "lognormal:80ms:0.5",
                 "clock": {"mode": "manual", "now": "2026-01-01T12:00:00+08:00"},
                 "notify": {"mode": "fast", "factor": 1000, "strict_ack": false},
                 "users": [{"name": "only", "balance": 3}],
                 "wechat": {"close": "lenient", "merchants": [
                   {"mch_id": "1", "appids": ["wx1"], "api_key": "0123456789abcdef0123456789abcdef"}]}}
                """));
    try (var sandbox = Sandbox.start(settings)) {
      assertThat(sandbox.people().all()).extracting(user -> user.name()).containsExactly("only");
      assertThat(sandbox.channel("wechat").merchants()).hasSize(1);
      assertThat(sandbox.channel("wechat").settings().get("close").asString()).isEqualTo("lenient");
      assertThat(sandbox.clock().now()).isEqualTo("2026-01-01T04:00:00Z");
      assertThat(settings.latency()).hasToString("lognormal:80ms:0.5");
      assertThat(settings.notices().strict()).isFalse();
    }
  }

  @Test
  void the_configuration_file_in_the_manual_is_taken_as_it_stands() throws Exception {
    String manual = Files.readString(MANUAL);
    int start = manual.indexOf("```json\n", manual.indexOf("## The configuration file"));
    String file = manual.substring(start + 8, manual.indexOf("```", start + 8));
    SandboxSettings settings = SandboxSettings.read(Json.read(file));
    assertThat(settings.journal()).contains(Path.of("data", "simulator", "requests.jsonl"));
    try (var sandbox =
        Sandbox.start(
            settings.withPort(Port.ADMIN, 0).withJournal(directory.resolve("requests.jsonl")))) {
      assertThat(sandbox.channel("wechat").merchants()).hasSize(1);
      assertThat(sandbox.channel("alipay").merchants()).hasSize(1);
      assertThat(sandbox.people().all()).hasSize(1);
    }
  }
}
