package io.yunfu.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The bills of a channel in memory, as a test writes them.
public final class FakeBills {
  private final Map<LocalDate, Bill> bills = new HashMap<>();
  private final Map<LocalDate, List<BillRow>> rows = new HashMap<>();
  private int asked;

  /// A bill of these lines, which adds up.
  public synchronized void write(LocalDate day, List<BillRow> lines) {
    rows.put(day, List.copyOf(lines));
    long amount = 0;
    long settlement = 0;
    long fee = 0;
    for (BillRow row : lines) {
      long sign = row.kind() == BillRow.Kind.PAY ? 1 : -1;
      amount += sign * row.amount();
      settlement += sign * row.settlement();
      fee += sign * row.fee();
    }
    bills.put(
        day,
        new Bill.Statement(
            hash(lines.toString()), new Bill.Sums(lines.size(), amount, settlement, fee)));
  }

  /// What is said of a day, whatever was written.
  public synchronized void say(LocalDate day, Bill bill) {
    bills.put(day, bill);
  }

  /// How often any was asked for.
  public synchronized int asked() {
    return asked;
  }

  /// Hands the lines on; a day of which nothing was written has none.
  public Bill read(LocalDate day, Consumer<BillRow> taker) {
    List<BillRow> lines;
    Bill bill;
    synchronized (this) {
      asked++;
      lines = rows.getOrDefault(day, List.of());
      bill = bills.getOrDefault(day, new Bill.None("No Bill Exist"));
    }
    lines.forEach(taker);
    return bill;
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
  }
}
