package io.yunfu.billing.deal;

import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The form of deal and big deal ids (`billing.md` sections 2.2 and 4.2), and how new ones are
/// made.
public final class Ids {
  public static final int MAX_LENGTH = 64;

  /// Both editions print times in UTC+8 (`billing.md` section 1.3).
  private static final ZoneOffset ZONE = ZoneOffset.ofHours(8);

  private static final long SEQUENCES = 1_000_000_000_000L;

  private Ids() {}

  /// Whether a text is `^[0-9A-Za-z_-]{1,64}$`.
  public static boolean wellFormed(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean fits =
          (c >= '0' && c <= '9')
              || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || c == '_'
              || c == '-';
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /// A new id out of a row id: the day in UTC+8, three digits of the cell, twelve digits of the
  /// sequence.
  public static String of(long rowId, Instant now) {
    String day = LocalDate.ofInstant(now, ZONE).format(DateTimeFormatter.BASIC_ISO_DATE);
    long tail = IdSource.cellOf(rowId).value() * SEQUENCES + IdSource.sequenceOf(rowId) % SEQUENCES;
    String digits = Long.toString(tail);
    return day + "0".repeat(15 - digits.length()) + digits;
  }

  /// The cell of an id that was made here; meaningless for an imported one.
  public static CellId cellOf(String id) {
    return new CellId(Integer.parseInt(id.substring(8, 11)));
  }

  /// Whether an id has the form of those made here. An imported one may look the same by chance.
  public static boolean looksOurs(String id) {
    return id.length() == 23 && id.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
