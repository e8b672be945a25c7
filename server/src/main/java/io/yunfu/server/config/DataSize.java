package io.yunfu.server.config;

import static io.yunfu.kernel.Check.require;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes, written as `512`, `32KiB`, `10MiB` or `1GiB`.
public record DataSize(long bytes) implements Comparable<DataSize> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s*(|B|KiB|MiB|GiB)");

  public DataSize {
    require(bytes >= 0, "a size is not negative, as %d is", bytes);
  }

  /// Reads a size.
  ///
  /// @throws IllegalArgumentException when the text is no size
  public static DataSize parse(String text) {
    Matcher parts = TEXT.matcher(text);
    require(parts.matches(), "'%s' is not a size such as 512, 32KiB or 10MiB", text);
    long unit =
        switch (parts.group(2)) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          default -> 1;
        };
    try {
      return new DataSize(Math.multiplyExact(Long.parseLong(parts.group(1)), unit));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too large a size", e);
    }
  }

  /// For buffers and arrays.
  public int asInt() {
    return Math.toIntExact(bytes);
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /// In the largest unit that needs no fraction.
  @Override
  public String toString() {
    String[] units = {"B", "KiB", "MiB", "GiB"};
    long value = bytes;
    int unit = 0;
    while (unit < units.length - 1 && value != 0 && value % 1024 == 0) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%d%s", value, units[unit]);
  }
}
