package io.yunfu.operator;

import static io.yunfu.kernel.Check.require;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/// A command that may arrive twice: its key, where the key counts, and what is asked for.
///
/// @param scope the operation and the account; the same key in another scope is another key
/// @param key the operator's; without one, every arrival is a command of its own
/// @param command whose text tells one request from another: a record of values
public record Repeatable(String scope, Optional<String> key, Object command) {
  public static final int MAX_KEY_LENGTH = 128;

  public Repeatable {
    require(!scope.isEmpty(), "a key has a scope");
    key.ifPresent(text ->
        require(
            !text.isEmpty() && text.length() <= MAX_KEY_LENGTH,
            "a key has 1 to %d characters",
            MAX_KEY_LENGTH));
  }

  byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(command.toString().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
