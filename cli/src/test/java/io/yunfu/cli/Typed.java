package io.yunfu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A person at the command line.
final class Typed {
  static final String TOKEN = "secret-token-0123456789";

  private static final Document DOCUMENT = Document.bundled();

  /// What the command said and how it ended.
  record Ended(int status, String out, String err) {}

  private final Document document;
  private final Map<String, String> environment = new HashMap<>();
  private String input = "";
  private boolean terminal;
  private int keys;

  Typed() {
    this(DOCUMENT);
  }

  Typed(Document document) {
    this.document = document;
  }

  /// With everything set that a server needs.
  static Typed at(FakeServer server) {
    return new Typed()
        .with(Settings.URL_VARIABLE, server.url())
        .with(Settings.TOKEN_VARIABLE, TOKEN);
  }

  Typed with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Typed input(String text) {
    input = text;
    return this;
  }

  Typed onTerminal() {
    terminal = true;
    return this;
  }

  Ended run(String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    int status =
        new Cli(
                document,
                environment,
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintWriter(out),
                new PrintWriter(err),
                terminal,
                () -> "key-" + ++keys)
            .run(words);
    return new Ended(status, out.toString(), err.toString());
  }

  Ended run(List<String> words) {
    return run(words.toArray(String[]::new));
  }
}
