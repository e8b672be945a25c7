package io.yunfu.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where settings come from. Values are kept with their place, which a mistake names.
public final class Source {
  /// What the environment's settings begin with.
  static final String PREFIX = "YUNFU_";

  private final boolean environment;
  private final Map<String, Value> values;
  private final List<String> mistakes;

  private Source(boolean environment, Map<String, Value> values, List<String> mistakes) {
    this.environment = environment;
    this.values = values;
    this.mistakes = mistakes;
  }

  record Value(String text, String place) {}

  /// A file of lines `key = value` in UTF-8. Blank lines and lines that begin with `#` say nothing;
  /// there are no escapes and no continued lines; the same key twice is a mistake.
  public static Source file(Path file) {
    Map<String, Value> values = new LinkedHashMap<>();
    List<String> mistakes = new ArrayList<>();
    int number = 0;
    for (String line : lines(file, mistakes)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      String place = file + ", line " + number;
      int equals = text.indexOf('=');
      if (equals < 1) {
        mistakes.add("%s: not of the form 'key = value'".formatted(place));
        continue;
      }
      String key = text.substring(0, equals).strip();
      Value earlier = values.putIfAbsent(key, new Value(text.substring(equals + 1).strip(), place));
      if (earlier != null) {
        mistakes.add("%s: '%s' stands already in %s".formatted(place, key, earlier.place()));
      }
    }
    return new Source(false, values, mistakes);
  }

  /// The variables that begin with `YUNFU_`; the others are not ours. An empty one counts as not
  /// set, since that is how a container file spells an optional variable.
  public static Source environment(Map<String, String> variables) {
    Map<String, Value> values = new LinkedHashMap<>();
    variables.forEach((name, value) -> {
      if (name.startsWith(PREFIX) && !value.isBlank()) {
        values.put(name, new Value(value.strip(), "environment variable " + name));
      }
    });
    return new Source(true, values, List.of());
  }

  /// Keys set by the program itself, say from its command line.
  ///
  /// @param place what a mistake names, say `the command line`
  public static Source of(String place, Map<String, String> keys) {
    Map<String, Value> values = new LinkedHashMap<>();
    keys.forEach((key, value) -> values.put(key, new Value(value.strip(), place)));
    return new Source(false, values, List.of());
  }

  boolean isEnvironment() {
    return environment;
  }

  Map<String, Value> values() {
    return values;
  }

  List<String> mistakes() {
    return mistakes;
  }

  private static List<String> lines(Path file, List<String> mistakes) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      mistakes.add("%s: there is no such file".formatted(file));
    } catch (CharacterCodingException e) {
      mistakes.add("%s: is not UTF-8".formatted(file));
    } catch (IOException e) {
      mistakes.add("%s: cannot be read: %s".formatted(file, e.getMessage()));
    }
    return List.of();
  }
}
