package io.yunfu.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.LoopbackPorts;
import io.yunfu.db.TestDatabase;
import io.yunfu.server.http.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The alert rules for Prometheus: a rule on a figure that nobody writes would never ring.
class AlertsIT {
  private static final Path OPERATING = Path.of("..", "docs", "operating");

  /// A figure with the labels it is asked by, and whatever else begins like one.
  private static final Pattern FIGURE = Pattern.compile("\\b(yunfu_[a-z0-9_]+)(?:\\{([^}]*)})?");

  private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)");
  private static final Pattern BY = Pattern.compile("by \\(([a-z_, ]+)\\)");

  /// What Prometheus adds to every figure.
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  /// Figures that only trouble brings forth; the others must be there.
  private static final Set<String> OF_TROUBLE = Set.of("yunfu_delivery_circuit_open");

  private final List<String> expressions = expressions();

  @Test
  void each_figure_and_label_of_a_rule_is_one_that_a_running_server_has() throws Exception {
    Path directory = TestDatabase.directory();
    Path certificate = directory.resolve("certificate.pem");
    Path key = directory.resolve("key.pem");
    TestCertificate.make(directory, "EC", "test").write(certificate, key);
    try (var server =
        TestServer.embedded(
            Map.of(
                "https.port",
                Integer.toString(LoopbackPorts.free()),
                "https.certificate-file",
                certificate.toString(),
                "https.key-file",
                key.toString(),
                "delivery.sample-every",
                "100ms",
                "gateway.enabled",
                "true",
                "gateway.public-url",
                "https://pay.example.com"))) {
      // A payment and its delivery.
      JsonNode account = SampleAccount.in(server.running());
      List<String> order = List.of(account.get("unpaidOrderIds").get(0).asString());
      assertThat(server.call(account, "PayDeals", Map.of("OrderIds", order)))
          .doesNotContain("Error");
      List<String> lines = server.get("/metrics").body().lines().toList();
      Set<String> asked = new TreeSet<>();
      for (String expression : expressions) {
        var figure = FIGURE.matcher(expression);
        while (figure.find()) {
          asked.add(figure.group(1));
          if (!comesLater(figure.group(1))) {
            requireShown(lines, figure.group(1), labels(expression, figure.group(2)));
          }
        }
      }
      assertThat(asked).hasSizeGreaterThan(10);
      for (String named : figuresOfPages()) {
        assertThat(comesLater(named) || lines.stream().anyMatch(line -> isTypeOf(named, line)))
            .as(named)
            .isTrue();
      }
    }
  }

  /// All that the pages of the alarms tell to look at.
  private static Set<String> figuresOfPages() throws IOException {
    var named = new TreeSet<String>();
    try (var pages = Files.list(OPERATING.resolve("alarms"))) {
      for (Path page : pages.toList()) {
        FIGURE
            .matcher(Files.readString(page))
            .results()
            .forEach(found -> named.add(found.group(1)));
      }
    }
    assertThat(named).hasSizeGreaterThan(10);
    return named;
  }

  private static boolean isTypeOf(String figure, String line) {
    return line.startsWith("# TYPE " + figure + " ");
  }

  /// The others are of a queue that is empty here, of channels that nobody asked, or of trouble:
  /// their names are held against the code that writes them.
  @Test
  void figures_of_trouble_are_spelt_as_the_code_spells_them() throws IOException {
    String code =
        Files.readString(Path.of("src/main/java/io/yunfu/server/observe/DeliveryFigures.java"))
            + Files.readString(
                Path.of("src/main/java/io/yunfu/server/observe/WatchedConnector.java"));
    Set<String> asked = figuresOfPages();
    asked.addAll(OF_TROUBLE);
    asked.removeIf(name -> !comesLater(name));
    assertThat(asked).hasSizeGreaterThan(3);
    for (String name : asked) {
      String written =
          name.replaceAll("_call_seconds(_count)?$", "_call").replaceAll("_total$", "");
      assertThat(code).contains('"' + written.replace('_', '.') + '"');
    }
  }

  @Test
  void each_rule_names_a_page_that_is_there() throws IOException {
    List<String> pages =
        rules()
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("runbook:"))
            .map(line -> line.substring("runbook:".length()).strip())
            .toList();
    assertThat(pages).hasSameSizeAs(expressions);
    assertThat(pages).allSatisfy(page -> assertThat(OPERATING.resolve(page)).isRegularFile());
  }

  private static boolean comesLater(String figure) {
    return figure.startsWith("yunfu_delivery_") || figure.startsWith("yunfu_channel_");
  }

  private static Set<String> labels(String expression, String selector) {
    var labels = new TreeSet<String>();
    if (selector != null) {
      LABEL.matcher(selector).results().forEach(found -> labels.add(found.group(1)));
    }
    BY.matcher(expression)
        .results()
        .forEach(found -> labels.addAll(List.of(found.group(1).split(", *"))));
    labels.removeAll(OF_PROMETHEUS);
    return labels;
  }

  private static void requireShown(List<String> lines, String figure, Set<String> labels) {
    List<String> shown =
        lines.stream().filter(line -> line.matches(Pattern.quote(figure) + "[{ ].*")).toList();
    assertThat(shown).as(figure).isNotEmpty();
    for (String label : labels) {
      assertThat(shown).as(figure).allMatch(line -> line.contains(label + "=\""));
    }
  }

  /// One for each rule, on one line.
  private static List<String> expressions() {
    try {
      var found = new ArrayList<String>();
      var folded = new StringBuilder();
      for (String line : rules().lines().toList()) {
        String text = line.strip();
        if (text.startsWith("expr:")) {
          folded.append(text.substring("expr:".length()).replace(">-", ""));
        } else if (!folded.isEmpty() && text.matches("(for|labels):.*")) {
          found.add(folded.toString().strip());
          folded.setLength(0);
        } else if (!folded.isEmpty()) {
          folded.append(' ').append(text);
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String rules() throws IOException {
    return Files.readAllLines(OPERATING.resolve("alerts.yml")).stream()
        .filter(line -> !line.strip().startsWith("#"))
        .collect(Collectors.joining("\n"));
  }
}
