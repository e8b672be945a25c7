package io.yunfu.operator;

/// What became of a command: done, or refused by a rule, in which case nothing has changed.
///
/// @param <T> what was done
/// @param <R> why not: the sealed refusals of the feature
public sealed interface Outcome<T, R> {
  record Done<T, R>(T value) implements Outcome<T, R> {}

  record Refused<T, R>(R why) implements Outcome<T, R> {}

  static <T, R> Outcome<T, R> done(T value) {
    return new Done<>(value);
  }

  static <T, R> Outcome<T, R> refused(R why) {
    return new Refused<>(why);
  }

  /// For callers whose command cannot be refused, such as the sample data.
  ///
  /// @throws IllegalStateException when it was refused all the same
  default T orThrow() {
    return switch (this) {
      case Done<T, R>(T value) -> value;
      case Refused<T, R>(R why) -> throw new IllegalStateException("refused: " + why);
    };
  }
}
