package io.yunfu.wire.tc3;

import java.util.List;
import java.util.Map;

/// A parameter as it was sent, before its declared type is known. The first five come from JSON,
/// which says what kind a value is; the last two from flattened names, where only the declared type
/// can tell a number from a text and a list from an object.
sealed interface Value {
  record Text(String text) implements Value {}

  /// A JSON number, as written: turned into a number only once the declared type is known, so that
  /// nothing is rounded and `1e999999999` costs nothing.
  record Numeral(String literal) implements Value {}

  record Flag(boolean value) implements Value {}

  record Items(List<Value> items) implements Value {}

  record Fields(Map<String, Value> fields) implements Value {}

  /// JSON's `null`. As a parameter it means "not given".
  record Nothing() implements Value {}

  /// The text of a flattened parameter or of a plain part.
  record Plain(String text) implements Value {}

  /// What stands under a flattened name, by the next segment: `0` of `OrderIds.0`.
  record Branch(Map<String, Value> children) implements Value {}
}
