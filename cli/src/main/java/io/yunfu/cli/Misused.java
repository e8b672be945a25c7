package io.yunfu.cli;

/// What was typed cannot be carried out; nothing has been sent.
final class Misused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message a sentence that says what to type instead
  Misused(String message) {
    super(message, null, false, false);
  }
}
