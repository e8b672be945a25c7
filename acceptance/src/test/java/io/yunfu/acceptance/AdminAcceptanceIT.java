package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.LoopbackPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// `yunfu admin` as it is packaged, at the demo's server.
class AdminAcceptanceIT {
  private static final Path PAGE = Path.of("..", "docs", "operating", "admin.md");
  private static final Pattern SNIPPET =
      Pattern.compile("<!-- test: admin -->\\s*```sh\\n(.*?)```", Pattern.DOTALL);

  private static final int REFUSED = 1;
  private static final int USAGE = 2;
  private static final int NOT_REACHED = 3;

  private final DemoServer demo = DemoServer.shared();
  private final Path directory = Scratch.directory();

  @BeforeEach
  void remember() {
    Secrets.remember(demo.json().get("admin").get("token").asString());
  }

  @Test
  void what_the_operators_page_shows_is_what_happens() throws Exception {
    Matcher snippet = SNIPPET.matcher(Files.readString(PAGE, UTF_8));
    assertThat(snippet.find()).isTrue();
    Shown shown = shell(snippet.group(1));
    assertThat(Files.readString(directory.resolve("key.txt"), UTF_8))
        .containsPattern("(?m)^secretId +AKID")
        .containsPattern("(?m)^secretKey +\\S{16}");
    assertThat(shown.out())
        .containsPattern("(?m)^balance\\.cash +50000$")
        .containsPattern("(?m)^voucherIds +\\S+$");
    assertThat(shown.out().lines().filter(line -> line.matches(".* unpaid .*p_c(vm|bs).*")))
        .as(shown.out())
        .hasSize(2);
    assertThat(shown.out()).contains("account.open", "balance.top-up");
    assertThat(shown.err().lines())
        .as("a key for each command that can be repeated")
        .hasSize(3)
        .allMatch(line -> line.startsWith("Idempotency key: cli-"));
  }

  @Test
  void the_command_of_the_readme_shows_the_accounts_of_the_demo() throws Exception {
    for (String readme : List.of("README.md", "README.zh-CN.md")) {
      Matcher command =
          Pattern.compile("`(\\./yunfu admin [^`]+)`")
              .matcher(Files.readString(Path.of("..", readme), UTF_8));
      assertThat(command.find()).as(readme).isTrue();
      assertThat(shell(command.group(1)).out()).contains("\"items\"");
      // Other tests open accounts meanwhile, so those of the demo need not be on the first page.
      assertThat(shell(command.group(1) + " --all").out())
          .contains(Long.toString(demo.accounts().getFirst().uin()));
    }
  }

  @Test
  void a_command_repeated_with_its_key_is_carried_out_once() {
    long uin = demo.operator().customer(Edition.CHINA, 0).uin();
    String[] topUp = {
      "balance",
      "top-up",
      Long.toString(uin),
      "--amount=5",
      "--currency=CNY",
      "--idempotency-key=twice-" + uin
    };
    assertThat(json(admin(topUp))).isEqualTo(json(admin(topUp)));
    assertThat(json(admin("balance", "postings", Long.toString(uin))).get("items")).hasSize(1);
  }

  @Test
  void all_pages_of_a_list_are_one_list() {
    String[] list = {
      "users", "list", Long.toString(demo.operator().customer(Edition.CHINA, 0).uin())
    };
    for (int i = 0; i < 3; i++) {
      assertThat(admin("users", "add", list[2], "--name=" + i).status()).isZero();
    }
    JsonNode one = json(admin(list[0], list[1], list[2], "--limit=2"));
    assertThat(one.get("items")).hasSize(2);
    assertThat(one.has("next")).isTrue();
    JsonNode all = json(admin(list[0], list[1], list[2], "--limit=2", "--all"));
    assertThat(all.get("items")).hasSize(3).doesNotHaveDuplicates();
    assertThat(all.has("next")).isFalse();
  }

  @Test
  void what_is_refused_is_said_with_its_field_in_the_language_of_the_operator() {
    Program.Ended english = admin("accounts", "open", "--edition=mars");
    assertThat(english.status()).isEqualTo(REFUSED);
    assertThat(english.out()).isEmpty();
    assertThat(english.err())
        .contains("edition must be one of china, intl")
        .contains("InvalidRequest, field edition, request ");
    Program.Ended chinese = admin("accounts", "get", "999", "--lang=zh-CN");
    assertThat(chinese.status()).isEqualTo(REFUSED);
    assertThat(chinese.err()).contains("NoSuchAccount").containsPattern("\\p{IsHan}");
  }

  @Test
  void a_wrong_token_and_an_unreachable_server_are_told_apart() throws IOException {
    String url = demo.json().get("admin").get("url").asString();
    String wrong = "wrong-token-of-the-command-line";
    Secrets.remember(wrong);
    Path token = Files.writeString(directory.resolve("token"), wrong + "\n");
    var settings = Map.of("YUNFU_ADMIN_URL", url, "YUNFU_ADMIN_TOKEN_FILE", token.toString());
    Program.Ended unauthorized = Program.run(directory, settings, "admin", "accounts", "list");
    assertThat(unauthorized.status()).isEqualTo(REFUSED);
    assertThat(unauthorized.err()).contains("Unauthorized");

    var elsewhere = new HashMap<>(settings);
    elsewhere.put("YUNFU_ADMIN_URL", "http://127.0.0.1:" + LoopbackPorts.free());
    Program.Ended unreached = Program.run(directory, elsewhere, "admin", "accounts", "list");
    assertThat(unreached.status()).isEqualTo(NOT_REACHED);
    assertThat(unreached.err()).contains("cannot be reached");

    Program.Ended without = Program.run(directory, Map.of(), "admin", "accounts", "list");
    assertThat(without.status()).isEqualTo(USAGE);
    assertThat(without.err()).contains("--token-file");
  }

  private record Shown(String out, String err) {}

  /// Types it where a person stands who has started the demo.
  private Shown shell(String commands) throws IOException, InterruptedException {
    if (!Files.exists(directory.resolve("yunfu"))) {
      Files.createSymbolicLink(directory.resolve("yunfu"), Program.HOME.resolve("yunfu"));
      Files.createSymbolicLink(
          Files.createDirectory(directory.resolve("data")).resolve("demo"), demo.data());
    }
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    var builder =
        new ProcessBuilder("sh", "-eu", "-c", commands)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("YUNFU_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(Program.PATIENCE)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    var shown = new Shown(Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    assertThat(process.waitFor()).as("%s", shown).isZero();
    return shown;
  }

  private Program.Ended admin(String... words) {
    var all = new ArrayList<>(List.of("admin", "--demo", demo.data().toString()));
    all.addAll(List.of(words));
    return Program.run(directory, Map.of("LC_ALL", "C"), all.toArray(String[]::new));
  }

  private static JsonNode json(Program.Ended ended) {
    assertThat(ended.status()).as(ended.err()).isZero();
    return new ObjectMapper().readTree(ended.out());
  }
}
