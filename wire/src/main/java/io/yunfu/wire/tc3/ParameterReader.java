package io.yunfu.wire.tc3;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads declared parameters by name and type. An action declares a parameter by reading it, and
/// what nobody read is unknown; see [Parameters#read].
///
/// Absent, `null` and, for lists, empty all mean "not given".
public final class ParameterReader {
  private static final ErrorTemplate BAD_INDEX =
      CommonErrors.INVALID_PARAMETER.saying(
          "The index of `{0}` must be a whole number without leading zeros.",
          "`{0}` 的下标必须是不含前导零的非负整数。");

  /// Unit: digits of an index.
  private static final int MAX_INDEX_DIGITS = 18;

  private final Path path;
  private final Map<String, Value> values;
  private final Problems problems;
  private final Set<String> declared = new HashSet<>();

  ParameterReader(Path path, Map<String, Value> values, Problems problems) {
    this.path = path;
    this.values = values;
    this.problems = problems;
  }

  /// A reader without values, whose problems nobody hears of.
  static ParameterReader empty() {
    return new ParameterReader(Path.ROOT, Map.of(), new Problems());
  }

  /// A parameter that must be given.
  public <T> T required(String name, Type<T> type) {
    Value value = take(name);
    if (value == null) {
      problems.missing(path.field(name));
      return type.placeholder();
    }
    return type.read(value, path.field(name), problems);
  }

  /// A parameter that may be left out; `null` then.
  public <T> @Nullable T optional(String name, Type<T> type) {
    Value value = take(name);
    return value == null ? null : type.read(value, path.field(name), problems);
  }

  /// A parameter that may be left out, with its default.
  public <T> T optional(String name, Type<T> type, T otherwise) {
    T given = optional(name, type);
    return given == null ? otherwise : given;
  }

  /// A list that may be left out; empty then. In request order; flattened ones by index.
  public <T> List<T> list(String name, Type<T> type) {
    Value value = take(name);
    return value == null ? List.of() : items(value, path.field(name), type);
  }

  /// A list that must be given, with one element at least.
  public <T> List<T> requiredList(String name, Type<T> type) {
    Value value = take(name);
    if (value == null || (value instanceof Value.Items(var items) && items.isEmpty())) {
      problems.missing(path.field(name));
      return List.of();
    }
    return items(value, path.field(name), type);
  }

  private @Nullable Value take(String name) {
    declared.add(name);
    Value value = values.get(name);
    return value instanceof Value.Nothing ? null : value;
  }

  private <T> List<T> items(Value value, Path list, Type<T> type) {
    return switch (value) {
      case Value.Items(var items) -> {
        List<T> result = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
          result.add(type.read(items.get(i), list.item(i), problems));
        }
        yield List.copyOf(result);
      }
      case Value.Branch(var children) -> indexed(children, list, type);
      default -> {
        problems.type(list, "Array of " + type.name());
        yield List.of();
      }
    };
  }

  /// Any set of distinct indexes will do, in numeric order: `OrderIds.10` after `OrderIds.9`.
  private <T> List<T> indexed(Map<String, Value> children, Path list, Type<T> type) {
    var ordered = new TreeMap<Long, Value>();
    children.forEach((index, value) -> {
      if (isIndex(index)) {
        ordered.put(Long.valueOf(index), value);
      } else {
        problems.type(BAD_INDEX.with(list.field(index)));
      }
    });
    List<T> result = new ArrayList<>(ordered.size());
    ordered.forEach(
        (index, value) -> result.add(type.read(value, list.field(Long.toString(index)), problems)));
    return List.copyOf(result);
  }

  private static boolean isIndex(String segment) {
    return !segment.isEmpty()
        && segment.length() <= MAX_INDEX_DIGITS
        && Conversions.isDigits(segment, 0, segment.length())
        && (segment.length() == 1 || segment.charAt(0) != '0');
  }

  /// To be called once everything is declared.
  ///
  /// @param matters which undeclared names are a problem
  void reportUnknown(Predicate<String> matters) {
    values.forEach((name, value) -> {
      if (!declared.contains(name) && !(value instanceof Value.Nothing) && matters.test(name)) {
        problems.unknown(path.field(name));
      }
    });
  }
}
