package io.yunfu.gateway.merchant;

import static io.yunfu.kernel.Check.require;

import java.util.random.RandomGenerator;

/// What public ids look like, and how new ones are made.
public final class PublicIds {
  public static final int LONGEST = 32;

  /// Unit: characters. Source: `cloudpay.md` section 6.1, the old text's fixed length.
  private static final int MADE = 20;

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private PublicIds() {}

  /// Whether somebody can have this id.
  public static boolean isPossible(String id) {
    return !id.isEmpty()
        && id.length() <= LONGEST
        && id.equals(id.strip())
        && id.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
  }

  static void check(String id) {
    require(isPossible(id), "a public id is 1 to %d characters of printable ASCII", LONGEST);
  }

  /// @param partition what all ids of this installation begin with: 0 to 4 letters or digits
  static String make(String partition, RandomGenerator random) {
    var id = new StringBuilder(MADE).append(partition);
    while (id.length() < MADE) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
