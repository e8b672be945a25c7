package io.yunfu.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The page of all keys, made from their declarations, so that it cannot say anything else than
/// what the server does. `docs/operating/configuration.md` is this page; a test compares the two.
public final class ConfigurationPage {
  private ConfigurationPage() {}

  /// For a terminal, as `yunfu serve --help` shows it.
  public static String text() {
    Keys keys = declared();
    var page = new StringBuilder();
    keys.sections()
        .forEach((section, doc) -> {
          page.append('\n').append(section).append(": ").append(plain(doc)).append('\n');
          for (Key key : of(keys, section)) {
            page.append("  ").append(key.name());
            if (!key.byDefault().isEmpty()) {
              page.append(" = ").append(key.byDefault());
            }
            page.append("  (").append(key.kind()).append(")\n");
            page.append("      ").append(plain(key.doc())).append('\n');
          }
        });
    return page.toString();
  }

  /// For the documentation.
  public static String markdown() {
    Keys keys = declared();
    var page = new StringBuilder(INTRODUCTION);
    keys.sections()
        .forEach((section, doc) -> {
          page.append("\n## `").append(section).append("`\n\n").append(doc).append("\n\n");
          page.append("| Key | Default | Value | Meaning |\n|---|---|---|---|\n");
          for (Key key : of(keys, section)) {
            page.append(
                "| `%s`<br>`%s` | %s | %s | %s |\n"
                    .formatted(
                        key.name(),
                        key.variable(),
                        key.byDefault().isEmpty() ? "none" : "`" + key.byDefault() + "`",
                        key.kind(),
                        key.doc()));
          }
        });
    return page.toString();
  }

  /// Name and default of every key, in the order of their declaration.
  static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    declared().declared().forEach(key -> defaults.put(key.name(), key.byDefault()));
    return defaults;
  }

  private static Keys declared() {
    Keys keys = new Keys(List.of());
    Configuration.declare(keys);
    return keys;
  }

  private static List<Key> of(Keys keys, String section) {
    return keys.declared().stream()
        .filter(key ->
            key.name().startsWith(section + ".")
                || key.name().equals(section)
                || key.name().equals(section + "-file"))
        .toList();
  }

  private static String plain(String doc) {
    return doc.replace("`", "");
  }

  private static final String INTRODUCTION =
      """
      # Configuration

      <!-- Made from the declarations in io.yunfu.server.config.Configuration; a test keeps it current. -->

      A node reads its settings once, at start:

      1. from a file, if one is named with `--config FILE` or `YUNFU_CONFIG`: UTF-8, one `key = value` a line,
         `#` begins a comment line; no escapes, no continued lines;
      2. from the environment, which wins: `pay.delivery-wait` is `YUNFU_PAY_DELIVERY_WAIT`. An empty variable counts as
         not set. Where a key ends in a name of yours, that name keeps its case:
         `YUNFU_RATE_LIMIT_ACTIONS_PayDeals`;
      3. from the command line, which wins over both.

      A key or a `YUNFU_` variable that is not below is refused, as is a value out of its bounds; all mistakes are told
      together, and nothing starts. A secret can be given by the name of a file that holds it (`…-file`); it is never
      printed. Durations are whole numbers with `ms`, `s`, `m`, `h` or `d`; sizes with `KiB`, `MiB` or `GiB`, or plain
      bytes.
      """;
}
