package io.yunfu.bench.load;

/// What an answer was worth.
public sealed interface Verdict {
  Right RIGHT = new Right();

  /// What was asked for has happened.
  record Right() implements Verdict {}

  /// The server said no.
  ///
  /// @param code its error code
  record Refused(String code) implements Verdict {}

  /// The answer is not what the protocol promises.
  record Wrong(String what) implements Verdict {}
}
