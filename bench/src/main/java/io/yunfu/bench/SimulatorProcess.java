package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The channels, `yunfu simulator`, in a Java machine of its own.
final class SimulatorProcess implements AutoCloseable {
  private static final String MAIN = "io.yunfu.simulator.Main";

  /// It makes keys at its start; reading a long list of orders takes time, too.
  private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);

  /// It keeps every order, and shares the processors with what is measured. So that little of them
  /// goes to its heap: one thread collects; what is short-lived dies in memory that is used again
  /// and again; what is kept is copied once; and there is room for it from the start, untouched
  /// until it is needed, since a heap that grows is collected whole each time.
  private static final List<String> HEAP =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmn256m",
          "-XX:MaxTenuringThreshold=0",
          "-XX:InitialRAMPercentage=25",
          "-XX:MaxRAMPercentage=25");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JavaProgram program;
  private final Path authority;
  private final URI wechat;
  private final URI admin;

  private SimulatorProcess(JavaProgram program, Path authority, URI wechat, URI admin) {
    this.program = program;
    this.authority = authority;
    this.wechat = wechat;
    this.admin = admin;
  }

  /// Starts it, and waits until it answers.
  ///
  /// @param directory for its configuration, its certificates and its output
  /// @param configuration in JSON, see docs/operating/simulator.md
  /// @throws IllegalStateException when it does not start
  static SimulatorProcess start(Path directory, String configuration) {
    try {
      Path file = Files.writeString(directory.resolve("simulator.json"), configuration, UTF_8);
      Path credentials = directory.resolve("simulator");
      JavaProgram program =
          JavaProgram.start(
              directory,
              HEAP,
              directory.resolve("simulator.log"),
              true,
              MAIN,
              List.of("--config", file.toString(), "--credentials", credentials.toString()));
      boolean ready = false;
      try {
        // Its one line comes when it answers; the stream ends when it ends.
        String line =
            new BufferedReader(new InputStreamReader(program.process().getInputStream(), UTF_8))
                .readLine();
        if (line == null) {
          throw new IllegalStateException("the simulator does not start: " + program.lastWords());
        }
        JsonNode listeners = JSON.readTree(line).path("listeners");
        var simulator =
            new SimulatorProcess(
                program,
                credentials.resolve("ca.pem"),
                URI.create(listeners.path("wx-https").asString()),
                URI.create(listeners.path("admin").asString()));
        ready = true;
        return simulator;
      } finally {
        if (!ready) {
          program.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the simulator", e);
    }
  }

  /// Where WeChat Pay is.
  URI wechat() {
    return wechat;
  }

  /// Who issued the certificate that it shows, in PEM.
  Path authority() {
    return authority;
  }

  /// Answers like this from now on.
  void answer(AnswerTime time) throws InterruptedException {
    String settings = "{\"latency\": \"%s\"}".formatted(time.spelling());
    ask(
        HttpRequest.newBuilder(admin.resolve("/_sim/settings"))
            .POST(HttpRequest.BodyPublishers.ofString(settings)));
  }

  /// The numbers of all orders in its book, whoever placed them.
  List<String> orders() throws InterruptedException {
    JsonNode answer =
        ask(HttpRequest.newBuilder(admin.resolve("/_sim/orders?limit=" + Integer.MAX_VALUE)));
    List<String> numbers = new ArrayList<>();
    answer.path("orders").forEach(order -> numbers.add(order.path("number").asString()));
    return numbers;
  }

  private JsonNode ask(HttpRequest.Builder request) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer = client.send(request.timeout(LONGEST_ANSWER).build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("the simulator says " + answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException("the simulator does not answer: " + program.lastWords(), e);
    }
  }

  Duration cpuTime() {
    return program.cpuTime();
  }

  boolean isAlive() {
    return program.isAlive();
  }

  String lastWords() {
    return program.lastWords();
  }

  @Override
  public void close() {
    program.close();
  }
}
