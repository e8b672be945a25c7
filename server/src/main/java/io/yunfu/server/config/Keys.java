package io.yunfu.server.config;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import com.google.errorprone.annotations.FormatMethod;
import io.yunfu.kernel.Secret;
import io.yunfu.server.config.Source.Value;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Declares keys and reads their values in one go: each call names a key, its default, its bounds
/// and its documentation, and answers the value. A wrong value is noted, and the default answered
/// in its place, so that one reading finds all mistakes.
final class Keys {
  /// Variables of the launcher and of the command line, which the server passes over.
  private static final Set<String> OF_OTHERS =
      Set.of("YUNFU_CONFIG", "YUNFU_HOME", "YUNFU_JAVA_OPTS", "YUNFU_AOT_CACHE", "YUNFU_ADMIN_URL");

  private static final int MOST_PAUSES = 100;
  private static final Duration LONGEST_PAUSE = Duration.ofDays(30);

  private final List<Source> sources;
  private final Map<String, Key> declared = new LinkedHashMap<>();
  private final Map<String, String> sections = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private final List<String> mistakes = new ArrayList<>();

  /// @param sources the later ones win
  Keys(List<Source> sources) {
    this.sources = List.copyOf(sources);
    sources.forEach(source -> mistakes.addAll(source.mistakes()));
  }

  /// Begins a section of the page of all keys.
  ///
  /// @param name the keys' first part
  void section(String name, String doc) {
    sections.put(name, doc);
  }

  Map<String, String> sections() {
    return sections;
  }

  List<Key> declared() {
    return List.copyOf(declared.values());
  }

  String text(String name, String byDefault, String doc) {
    return read(name, "text", byDefault, doc, text -> text);
  }

  Optional<String> optionalText(String name, String doc) {
    return read(name, "text", "", doc, Keys::unlessEmpty);
  }

  Optional<Path> path(String name, String doc) {
    return read(name, "path", "", doc, text -> unlessEmpty(text).map(Keys::pathOf));
  }

  Path path(String name, String byDefault, String doc) {
    return read(name, "path", byDefault, doc, Keys::pathOf);
  }

  boolean flag(String name, boolean byDefault, String doc) {
    return read(name, "true or false", Boolean.toString(byDefault), doc, Keys::flagOf);
  }

  int number(String name, String unit, int byDefault, int least, int most, String doc) {
    String kind = "%s, %d to %d".formatted(unit, least, most);
    return read(name, kind, Integer.toString(byDefault), doc, text -> numberOf(text, least, most));
  }

  double fraction(String name, double byDefault, String doc) {
    return read(name, "fraction, 0 to 1", Double.toString(byDefault), doc, Keys::fractionOf);
  }

  Duration duration(String name, String byDefault, String least, String most, String doc) {
    Duration from = Durations.parse(least);
    Duration to = Durations.parse(most);
    return read(
        name,
        "duration, %s to %s".formatted(least, most),
        byDefault,
        doc,
        text -> {
          Duration value = Durations.parse(text);
          require(
              value.compareTo(from) >= 0 && value.compareTo(to) <= 0,
              "%s is not within %s to %s",
              text,
              least,
              most);
          return value;
        });
  }

  LocalTime time(String name, String byDefault, String doc) {
    return read(name, "time of day, such as 09:30", byDefault, doc, Keys::timeOf);
  }

  DataSize size(String name, String byDefault, String least, String most, String doc) {
    DataSize from = DataSize.parse(least);
    DataSize to = DataSize.parse(most);
    return read(
        name,
        "size, %s to %s".formatted(least, most),
        byDefault,
        doc,
        text -> {
          DataSize value = DataSize.parse(text);
          require(
              value.compareTo(from) >= 0 && value.compareTo(to) <= 0,
              "%s is not within %s to %s",
              text,
              least,
              most);
          return value;
        });
  }

  /// One constant of an enum, written in lower case with hyphens.
  <E extends Enum<E>> E choice(String name, E byDefault, String doc) {
    Map<String, E> choices = new LinkedHashMap<>();
    for (E choice : byDefault.getDeclaringClass().getEnumConstants()) {
      choices.put(spelling(choice), choice);
    }
    String kind = "one of " + String.join(", ", choices.keySet());
    return read(
        name,
        kind,
        spelling(byDefault),
        doc,
        text -> {
          E choice = choices.get(text);
          if (choice == null) {
            throw new IllegalArgumentException("'%s' is not %s".formatted(text, kind));
          }
          return choice;
        });
  }

  List<String> list(String name, String doc) {
    return read(name, "list, separated by commas", "", doc, Keys::listOf);
  }

  /// Pauses, one after the other; at most [#MOST_PAUSES], each from 1ms to 30d.
  List<Duration> durations(String name, List<Duration> byDefault, String doc) {
    return read(
        name,
        "list of durations, separated by commas",
        byDefault.stream().map(Durations::text).collect(Collectors.joining(", ")),
        doc,
        Keys::durationsOf);
  }

  /// An address of HTTP or HTTPS.
  URI url(String name, String byDefault, String doc) {
    return read(name, "URL", byDefault, doc, Keys::urlOf);
  }

  Optional<URI> optionalUrl(String name, String doc) {
    return read(name, "URL", "", doc, text -> unlessEmpty(text).map(Keys::urlOf));
  }

  AddressRanges addresses(String name, String doc) {
    return read(
        name,
        "list of addresses and ranges, separated by commas",
        "",
        doc,
        text -> AddressRanges.parse(listOf(text)));
  }

  /// A secret, given itself or by the name of a file that holds it, but not both.
  Optional<Secret> secret(String name, String doc) {
    Optional<Secret> itself =
        readQuietly(name, "secret", doc, text -> Optional.of(Secret.of(text)));
    Optional<Secret> fromFile =
        readQuietly(
            name + "-file",
            "path",
            "A file that holds `%s`; a line end at its end does not count.".formatted(name),
            text -> Optional.of(secretIn(pathOf(text))));
    if (itself.isPresent() && fromFile.isPresent()) {
      mistake("%s: is given itself and by %s-file; give one of them", name, name);
    }
    return itself.or(() -> fromFile);
  }

  /// Whole numbers under names that the operator chooses, such as `rate-limit.actions.PayDeals`.
  ///
  /// @param name the fixed part, and in braces what stands for the rest
  /// @param shape the regular expression of that rest
  Map<String, Integer> numbers(
      String name, String shape, String unit, int least, int most, String doc) {
    declare(new Key(name, "%s, %d to %d".formatted(unit, least, most), "", doc));
    String fixed = name.substring(0, name.indexOf('{'));
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (Source source : sources) {
      String start = source.isEnvironment() ? Key.variable(fixed) : fixed;
      source
          .values()
          .forEach((given, value) -> {
            String rest = given.startsWith(start) ? given.substring(start.length()) : "";
            if (source.isEnvironment()) {
              rest = rest.replace('_', '.');
            }
            if (rest.matches(shape)) {
              used.add(given);
              Optional<Integer> number =
                  convert(fixed + rest, value, text -> numberOf(text, least, most));
              if (number.isPresent()) {
                numbers.put(rest, number.get());
              }
            }
          });
    }
    return numbers;
  }

  /// Notes a mistake that lies between keys.
  @FormatMethod
  void mistake(String message, Object... args) {
    mistakes.add(message.formatted(args));
  }

  /// @throws ConfigurationInvalid with every mistake found, keys that nobody declared among them
  void finish() {
    for (Source source : sources) {
      source
          .values()
          .forEach((given, value) -> {
            if (!used.contains(given) && !(source.isEnvironment() && OF_OTHERS.contains(given))) {
              mistakes.add(
                  "%s: there is no key '%s'%s"
                      .formatted(value.place(), given, guess(given, source)));
            }
          });
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigurationInvalid(mistakes);
    }
  }

  private <T> T read(
      String name, String kind, String byDefault, String doc, Function<String, T> converter) {
    declare(new Key(name, kind, byDefault, doc));
    return value(name)
        .flatMap(value -> convert(name, value, converter))
        .orElseGet(() -> converter.apply(byDefault));
  }

  /// Like `read`, for values that are absent by default.
  private <T> Optional<T> readQuietly(
      String name, String kind, String doc, Function<String, Optional<T>> converter) {
    declare(new Key(name, kind, "", doc));
    return value(name)
        .filter(value -> !value.text().isEmpty())
        .flatMap(value -> convert(name, value, converter))
        .flatMap(value -> value);
  }

  private void declare(Key key) {
    ensure(declared.put(key.name(), key) == null, "key %s is declared twice", key.name());
  }

  private Optional<Value> value(String name) {
    @Nullable Value found = null;
    for (Source source : sources) {
      String given = source.isEnvironment() ? Key.variable(name) : name;
      Value value = source.values().get(given);
      if (value != null) {
        used.add(given);
        found = value;
      }
    }
    return Optional.ofNullable(found);
  }

  private <T> Optional<T> convert(String name, Value value, Function<String, T> converter) {
    try {
      return Optional.of(converter.apply(value.text()));
    } catch (IllegalArgumentException e) {
      mistakes.add("%s: %s: %s".formatted(value.place(), name, e.getMessage()));
      return Optional.empty();
    }
  }

  private String guess(String given, Source source) {
    String best = "";
    int nearest = Math.max(2, given.length() / 4);
    for (Key key : declared.values()) {
      String candidate = source.isEnvironment() ? key.variable() : key.name();
      int distance = distance(given, candidate);
      if (distance <= nearest) {
        nearest = distance - 1;
        best = candidate;
      }
    }
    return best.isEmpty() ? "" : "; did you mean '%s'?".formatted(best);
  }

  /// How many letters must be put in, taken out or changed to make one text of the other.
  static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }

  private static Optional<String> unlessEmpty(String text) {
    return Optional.of(text).filter(given -> !given.isEmpty());
  }

  private static String spelling(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<String> listOf(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.toUnmodifiableList());
  }

  private static List<Duration> durationsOf(String text) {
    List<Duration> pauses = listOf(text).stream().map(Durations::parse).toList();
    require(pauses.size() <= MOST_PAUSES, "has more than %d durations", MOST_PAUSES);
    for (Duration pause : pauses) {
      require(
          pause.isPositive() && pause.compareTo(LONGEST_PAUSE) <= 0,
          "%s is not within 1ms to %s",
          Durations.text(pause),
          Durations.text(LONGEST_PAUSE));
    }
    return pauses;
  }

  private static URI urlOf(String text) {
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'%s' is not a URL".formatted(text), e);
    }
    require(
        ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
            && url.getHost() != null
            && url.getRawUserInfo() == null
            && url.getRawQuery() == null
            && url.getRawFragment() == null,
        "'%s' is not of the form https://host[:port][/path]",
        text);
    return url;
  }

  private static boolean flagOf(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("'%s' is not true or false".formatted(text));
    };
  }

  private static int numberOf(String text, int least, int most) {
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is not a whole number".formatted(text), e);
    }
    require(value >= least && value <= most, "%d is not within %d to %d", value, least, most);
    return value;
  }

  private static LocalTime timeOf(String text) {
    try {
      return LocalTime.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'%s' is not a time such as 09:30".formatted(text), e);
    }
  }

  private static double fractionOf(String text) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is not a number".formatted(text), e);
    }
    require(value >= 0 && value <= 1, "%s is not within 0 to 1", text);
    return value;
  }

  private static Path pathOf(String text) {
    require(!text.isEmpty(), "is empty");
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'%s' is not a path".formatted(text), e);
    }
  }

  private static Secret secretIn(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException("%s cannot be read: %s".formatted(file, cause(e)), e);
    }
    require(!text.isEmpty(), "%s is empty", file);
    return Secret.of(text);
  }

  private static String cause(IOException e) {
    return e instanceof NoSuchFileException
        ? "there is no such file"
        : String.valueOf(e.getMessage());
  }
}
