package io.yunfu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.cli.FakeServer.Received;
import io.yunfu.cli.Typed.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where server, token and language come from, and which of several wins.
class SettingsTest {
  private static final int USAGE = 2;

  private final FakeServer server = new FakeServer();

  @TempDir Path directory;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_demo_tells_its_server_and_its_token() throws IOException {
    Files.writeString(
        directory.resolve("demo.json"),
        "{\"admin\": {\"url\": \"%s/admin/v1\", \"token\": \"of-the-demo\"}}"
            .formatted(server.url()));
    Ended ended =
        new Typed()
            .with(Settings.URL_VARIABLE, "http://127.0.0.1:1")
            .with(Settings.TOKEN_VARIABLE, "of-the-environment")
            .run("accounts", "list", "--demo", directory.toString());
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(server.only().authorization()).isEqualTo("Bearer of-the-demo");
    assertThat(server.only().target()).isEqualTo("/admin/v1/accounts");
  }

  @Test
  void a_directory_without_a_demo_is_named() throws IOException {
    requireMisused("demo.json", "--demo", directory.toString());
    Files.writeString(directory.resolve("demo.json"), "{\"admin\": {}}");
    requireMisused("admin.url", "--demo", directory.toString());
  }

  @Test
  void options_win_over_variables_and_a_token_file_over_a_token() throws IOException {
    Path optional = Files.writeString(directory.resolve("a"), "of-the-option\r\n");
    Path variable = Files.writeString(directory.resolve("b"), "of-the-file\n");
    var typed =
        new Typed()
            .with(Settings.URL_VARIABLE, server.url() + "/")
            .with(Settings.TOKEN_VARIABLE, "of-the-environment");
    typed.run("accounts", "list");
    typed.with(Settings.TOKEN_FILE_VARIABLE, variable.toString()).run("accounts", "list");
    typed.run("accounts", "list", "--token-file", optional.toString());
    typed.input("of-the-input\n").run("--token-file=-", "accounts", "list");
    typed
        .with(Settings.URL_VARIABLE, "http://127.0.0.1:1")
        .run("accounts", "--server", server.url() + "/admin/v1/", "list");
    assertThat(server.received().stream().map(Received::authorization))
        .containsExactly(
            "Bearer of-the-environment",
            "Bearer of-the-file",
            "Bearer of-the-option",
            "Bearer of-the-input",
            "Bearer of-the-file");
  }

  @Test
  void the_language_is_asked_for_or_that_of_the_locale() {
    for (String locale : List.of("zh_CN.UTF-8", "zh", "de_DE.UTF-8", "zhong", "C")) {
      Typed.at(server).with("LANG", locale).run("accounts", "list");
    }
    Typed.at(server).with("LC_ALL", "en_US.UTF-8").with("LANG", "zh_CN").run("accounts", "list");
    Typed.at(server).with("LANG", "en_US").run("accounts", "list", "--lang=zh-CN");
    assertThat(server.received().stream().map(Received::language))
        .containsExactly("zh-CN", "zh-CN", "en", "en", "en", "en", "zh-CN");
  }

  @Test
  void what_fits_nothing_is_named_with_what_would() {
    requireMisused("There is no token", "--server=" + server.url());
    for (String url :
        List.of("billing.example.com", "ftp://a", "http://", "http://u:p@a", "http://a?b")) {
      requireMisusedWithToken("--server must be", "--server=" + url);
    }
    requireMisusedWithToken("--lang must be", "--lang=fr");
    requireMisusedWithToken("--output must be", "--output=xml");
    for (String timeout : List.of("0", "3601", "1.5", "a")) {
      requireMisusedWithToken("--timeout must be", "--timeout=" + timeout);
    }
    assertThat(server.received()).isEmpty();
  }

  private static void requireMisused(String message, String... options) {
    require(new Typed(), message, options);
  }

  private static void requireMisusedWithToken(String message, String... options) {
    require(new Typed().with(Settings.TOKEN_VARIABLE, Typed.TOKEN), message, options);
  }

  private static void require(Typed typed, String message, String... options) {
    var words = new java.util.ArrayList<>(List.of("accounts", "list"));
    words.addAll(List.of(options));
    Ended ended = typed.run(words);
    assertThat(ended.status()).as("%s", words).isEqualTo(USAGE);
    assertThat(ended.err()).contains(message);
  }
}
