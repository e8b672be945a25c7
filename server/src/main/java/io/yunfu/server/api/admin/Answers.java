package io.yunfu.server.api.admin;

import io.yunfu.operator.Outcome;
import java.util.Optional;
import java.util.function.Function;

/// From what a use case says to what an operation answers.
final class Answers {
  private Answers() {}

  /// What was done.
  ///
  /// @param spelt how this API says each refusal
  /// @throws Refused when it was not done
  static <T, R> T done(Outcome<T, R> outcome, Function<R, Refused> spelt) {
    return switch (outcome) {
      case Outcome.Done<T, R>(T value) -> value;
      case Outcome.Refused<T, R>(R why) -> throw spelt.apply(why);
    };
  }

  /// A text that is left out where there is none.
  static Optional<String> unlessEmpty(String text) {
    return Optional.of(text).filter(some -> !some.isEmpty());
  }

  /// What was looked for.
  ///
  /// @throws Refused when it was not found
  static <T> T found(Optional<T> value, ErrorCode missing, Object id) {
    return value.orElseThrow(() -> missing.with(id));
  }
}
