package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/// The form of resource ids, and how the built-in provider makes them: `ins-1a2b3c4d`.
final class ResourceIds {
  /// A deal that claims to have made more is a mistake. At this bound the ids of one deal still fit
  /// into the answer of a provider, which has 64 KiB.
  static final int MOST_PER_DEAL = 1000;

  static final int MAX_LENGTH = 128;

  private static final int TAIL = 8;
  private static final long TAILS = 2_821_109_907_456L; // 36^8

  private ResourceIds() {}

  /// Whether a text is `^[0-9A-Za-z._:/-]{1,128}$`. A comma is none of these, so that ids can be
  /// joined with it.
  static boolean wellFormed(String id) {
    return !id.isEmpty()
        && id.length() <= MAX_LENGTH
        && id.chars().allMatch(ResourceIds::isAllowed);
  }

  private static boolean isAllowed(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || c == '.'
        || c == '_'
        || c == ':'
        || c == '/'
        || c == '-';
  }

  /// The id of the n-th resource of a deal: always the same one, so that a delivery that runs twice
  /// makes nothing twice.
  ///
  /// @param turn 0, and more only where the ids of lower turns belong to another deal
  static String make(String prefix, DealId deal, int ordinal, int turn) {
    byte[] digest = sha256(deal.value() + "/" + ordinal + "/" + turn);
    String tail =
        Long.toString(Long.remainderUnsigned(ByteBuffer.wrap(digest).getLong(), TAILS), 36);
    return prefix + "-" + "0".repeat(TAIL - tail.length()) + tail;
  }

  /// As one text for SQL, which has no arrays of arrays of different lengths.
  static String join(Collection<String> ids) {
    return ids.size() == 1 ? ids.iterator().next() : String.join(",", ids);
  }

  static boolean areDistinct(List<String> ids) {
    return ids.stream().distinct().count() == ids.size();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
