package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

/// What the README tells a newcomer to type is typed here. A snippet is marked by a comment before
/// it: `<!-- test: curl -->`.
class ReadmeAcceptanceIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SNIPPET =
      Pattern.compile("<!-- test: (\\w+) -->\\s*```\\w*\\n(.*?)```", Pattern.DOTALL);

  /// What the README's snippets are told to talk to; the port is the demo's usual one.
  private static final String USUAL = "127.0.0.1:8080";

  private final DemoServer demo = DemoServer.shared();
  private final Path directory = Scratch.directory();

  @Test
  void both_languages_show_the_same_snippets() throws IOException {
    Map<String, String> english = snippets("README.md");
    assertThat(english).containsOnlyKeys("demo", "curl", "java");
    Map<String, String> chinese = snippets("README.zh-CN.md");
    assertThat(chinese).containsOnlyKeys(english.keySet());
    english.forEach((name, snippet) ->
        assertThat(withoutComments(chinese.get(name))).isEqualTo(withoutComments(snippet)));
  }

  @Test
  void the_demo_starts_with_the_command_that_is_shown() throws IOException {
    assertThat(snippets("README.md").get("demo").strip()).isEqualTo("./yunfu demo");
    assertThat(ROOT.resolve("yunfu")).isExecutable();
    assertThat(demo.json().get("accounts").size()).isGreaterThan(1);
  }

  @Test
  void the_curl_snippet_pays_a_first_deal_and_is_refused_the_second_time() throws Exception {
    assumeTrue(onPath("curl") && onPath("openssl"), "curl and openssl are not on the PATH");
    String snippet = snippets("README.md").get("curl");
    String orderId = demo.accounts().getFirst().unpaidOrderIds().getFirst();

    Answer first = shell(snippet);
    assertThat(first.code()).as(first.text()).isEqualTo(Answer.OK);
    assertThat(first.texts("OrderIds")).containsExactly(orderId);
    assertThat(first.texts("ResourceIds")).singleElement().asString().startsWith("ins-");
    assertThat(first.texts("BigDealIds")).hasSize(1);

    assertThat(shell(snippet).code()).isEqualTo("FailedOperation.InvalidDeal");
  }

  @Test
  void the_java_snippet_pays_a_deal_with_the_vendors_sdk() throws Exception {
    String source = snippets("README.md").get("java");
    assertThat(source).contains(USUAL);
    Path file = directory.resolve("Pay.java");
    Files.writeString(file, source.replace(USUAL, demo.host()));
    // The first one pays with curl.
    DemoServer.Account account = demo.accounts().get(1);
    String orderId = account.unpaidOrderIds().getFirst();
    String output =
        run(
            directory,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPathOfTheSdk(),
                file.toString(),
                account.key().secretId(),
                account.key().secretKey(),
                orderId));
    assertThat(output).contains("paid      " + orderId).contains("delivered ins-");
  }

  private static Map<String, String> snippets(String file) throws IOException {
    Matcher matcher = SNIPPET.matcher(Files.readString(ROOT.resolve(file), UTF_8));
    var snippets = new LinkedHashMap<String, String>();
    while (matcher.find()) {
      assertThat(snippets.put(matcher.group(1), matcher.group(2))).as(file).isNull();
    }
    return snippets;
  }

  /// Comments speak the reader's language.
  private static String withoutComments(String snippet) {
    return snippet.replaceAll("(?m)^\\s*(///?|#) .*\n", "");
  }

  private Answer shell(String snippet) throws Exception {
    String output = run(demo.directory(), List.of("sh", "-eu", "-c", snippet));
    assertThat(new ObjectMapper().readTree(output).has("Response")).isTrue();
    return new Answer(200, Map.of(), output.getBytes(UTF_8));
  }

  private String run(Path where, List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    Process process =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String output = Files.readString(out, UTF_8);
    assertThat(process.exitValue()).as("%s%s", output, Files.readString(err, UTF_8)).isZero();
    return output;
  }

  /// The vendor's SDK and what it needs, without anything of ours.
  private static String classPathOfTheSdk() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> entry.endsWith(".jar") && !entry.contains("yunfu"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
  }
}
