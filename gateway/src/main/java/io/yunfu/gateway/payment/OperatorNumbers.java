package io.yunfu.gateway.payment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.kernel.IdSource;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;

/// Numbers of orders and refunds that the operator makes. With a key the number follows from it, so
/// that the same command again finds what it made before, at the channel too.
public final class OperatorNumbers {
  /// Source: `cloudpay.md` section 6.4: 32 in all, and at most 20 of them are a prefix.
  private static final int LONGEST = 32;

  /// What a sequence of [IdSource#SEQUENCE_BITS] takes.
  private static final int SEQUENCE = 11;

  private OperatorNumbers() {}

  /// A number: the same for a repetition with the same key, else one that no other order has.
  ///
  /// @param start what the number begins with: a merchant's prefix
  /// @param scope what the key counts for: the same key elsewhere is another
  public static String of(String start, String scope, Optional<String> key, IdSource ids) {
    String rest =
        key.map(text -> digest(scope + "\n" + text)).orElseGet(() -> sequence(ids.next()));
    String number = start + rest.toUpperCase(Locale.ROOT);
    return number.length() <= LONGEST ? number : number.substring(0, LONGEST);
  }

  /// Unique in its cell, where all orders of a merchant are: 11 characters.
  private static String sequence(long id) {
    String text = Long.toString(IdSource.sequenceOf(id), Character.MAX_RADIX);
    return "0".repeat(SEQUENCE - text.length()) + text;
  }

  private static String digest(String text) {
    try {
      byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return new BigInteger(1, bytes).toString(Character.MAX_RADIX);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
