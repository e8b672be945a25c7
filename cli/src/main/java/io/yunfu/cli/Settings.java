package io.yunfu.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// To whom to speak, and how.
///
/// @param server without the API's base
/// @param language as `Accept-Language` says it
/// @param timeout for each answer
record Settings(URI server, Secret token, String language, Duration timeout, Format format) {
  static final String URL_VARIABLE = "YUNFU_ADMIN_URL";
  static final String TOKEN_VARIABLE = "YUNFU_ADMIN_TOKEN";
  static final String TOKEN_FILE_VARIABLE = "YUNFU_ADMIN_TOKEN_FILE";

  private static final String USUAL_SERVER = "http://127.0.0.1:8080";
  private static final int USUAL_TIMEOUT = 60;
  private static final int LONGEST_TIMEOUT = 3600;

  /// How an answer is shown.
  enum Format {
    TABLE,
    JSON,
    JSONL
  }

  /// A text that no message can print by accident.
  record Secret(String value) {
    @Override
    public String toString() {
      return "…";
    }
  }

  /// @param given what was typed for an option
  /// @param environment empty variables count as not set
  /// @param base of the API; a server may be given with it or without
  /// @throws Misused if something does not fit, or if there is no token
  static Settings of(
      Function<General, Optional<String>> given,
      Map<String, String> environment,
      Inputs inputs,
      boolean terminal,
      String base) {
    Optional<JsonNode> demo = given.apply(General.DEMO).map(directory -> demo(directory, inputs));
    String server =
        given
            .apply(General.SERVER)
            .or(() -> demo.map(json -> json.path("url").asString("")))
            .or(() -> variable(environment, URL_VARIABLE))
            .orElse(USUAL_SERVER);
    Optional<String> token =
        given
            .apply(General.TOKEN_FILE)
            .map(file -> inputs.secret(General.TOKEN_FILE.option(), file))
            .or(() -> demo.map(json -> json.path("token").asString("")))
            .or(() ->
                variable(environment, TOKEN_FILE_VARIABLE)
                    .map(file -> inputs.secret(TOKEN_FILE_VARIABLE, file)))
            .or(() -> variable(environment, TOKEN_VARIABLE));
    return new Settings(
        server(server, base),
        token(token),
        language(given.apply(General.LANG), environment),
        timeout(given.apply(General.TIMEOUT)),
        format(given.apply(General.OUTPUT), terminal));
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private static JsonNode demo(String directory, Inputs inputs) {
    String file = Path.of(directory, "demo.json").toString();
    try {
      JsonNode admin = Json.MAPPER.readTree(inputs.text(General.DEMO.option(), file)).path("admin");
      if (admin.path("url").isString() && admin.path("token").isString()) {
        return admin;
      }
    } catch (JacksonException e) {
      // Said below.
    }
    throw new Misused("--demo: %s does not tell admin.url and admin.token.".formatted(file));
  }

  private static URI server(String text, String base) {
    String plain = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    plain = plain.endsWith(base) ? plain.substring(0, plain.length() - base.length()) : plain;
    try {
      URI uri = new URI(plain);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new Misused(
        "%s must be such as http://127.0.0.1:8080 or https://billing.example.com, not '%s'."
            .formatted(General.SERVER.option(), text));
  }

  private static Secret token(Optional<String> given) {
    String token =
        given.orElseThrow(() ->
            new Misused(
                "There is no token. Name a file that holds one with --token-file or %s, or set %s; for a"
                        .formatted(TOKEN_FILE_VARIABLE, TOKEN_VARIABLE)
                    + " demo: --demo data/demo"));
    if (!token.matches("[\\x21-\\x7e]+")) {
      throw new Misused("What was given as token is none: it is not one word of printable ASCII.");
    }
    return new Secret(token);
  }

  private static String language(Optional<String> given, Map<String, String> environment) {
    if (given.isPresent()) {
      return switch (given.get().toLowerCase(Locale.ROOT)) {
        case "en" -> "en";
        case "zh", "zh-cn" -> "zh-CN";
        default ->
            throw new Misused("--lang must be en or zh-CN, not '%s'.".formatted(given.get()));
      };
    }
    // The first that is set decides, as everywhere on POSIX.
    String locale =
        variable(environment, "LC_ALL")
            .or(() -> variable(environment, "LC_MESSAGES"))
            .or(() -> variable(environment, "LANG"))
            .orElse("");
    return locale.matches("zh([_.@-].*)?") ? "zh-CN" : "en";
  }

  private static Duration timeout(Optional<String> given) {
    String text = given.orElse(Integer.toString(USUAL_TIMEOUT));
    if (text.matches("[1-9][0-9]{0,3}") && Integer.parseInt(text) <= LONGEST_TIMEOUT) {
      return Duration.ofSeconds(Integer.parseInt(text));
    }
    throw new Misused(
        "--timeout must be 1 to %d seconds, not '%s'.".formatted(LONGEST_TIMEOUT, text));
  }

  private static Format format(Optional<String> given, boolean terminal) {
    if (given.isEmpty()) {
      return terminal ? Format.TABLE : Format.JSON;
    }
    return switch (given.get().toLowerCase(Locale.ROOT)) {
      case "table" -> Format.TABLE;
      case "json" -> Format.JSON;
      case "jsonl" -> Format.JSONL;
      default ->
          throw new Misused(
              "--output must be table, json or jsonl, not '%s'.".formatted(given.get()));
    };
  }
}
