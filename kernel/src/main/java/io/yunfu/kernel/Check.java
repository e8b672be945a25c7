package io.yunfu.kernel;

import com.google.errorprone.annotations.FormatMethod;

/// The two ways to say "this must hold". Both throw unchecked exceptions that only the outer edge
/// of a pipeline catches: they report our own mistakes, never a user's.
public final class Check {
  private Check() {}

  /// An argument's rule.
  ///
  /// @throws IllegalArgumentException when `holds` is false
  @FormatMethod
  public static void require(boolean holds, String message, Object... args) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(args));
    }
  }

  /// A rule of the state at hand: a row that must be there, a count that must match.
  ///
  /// @throws IllegalStateException when `holds` is false
  @FormatMethod
  public static void ensure(boolean holds, String message, Object... args) {
    if (!holds) {
      throw new IllegalStateException(message.formatted(args));
    }
  }
}
