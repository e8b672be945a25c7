package io.yunfu.channels.alipay;

import static io.yunfu.channels.BillNumbers.fen;
import static io.yunfu.channels.BillNumbers.thousandths;

import io.yunfu.channels.BillLines;
import io.yunfu.channels.BillNumbers;
import io.yunfu.channels.Unpacking;
import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;

/// Alipay's bill: a ZIP with two files of comma-separated values, the lines and their sums. Which
/// is which, their headers tell; the names of the files, in GBK, are not looked at, and nothing is
/// ever written where they say. No cell is interpreted but as a number, an amount or a time.
///
/// Names of goods and reasons of refunds may have commas and line breaks. Cells that are text end
/// with a tab, as a rule. Source: `channels.md` sections 8.2, 9 (S22).
final class BillZip {
  /// There are two; unit: files.
  private static final int MOST_FILES = 8;

  private static final Charset GBK = Charset.forName("GBK");
  private static final String FRAME = "#";
  private static final String TRADE = "支付宝交易号";
  private static final String NAME = "商品名称";
  private static final String KIND = "业务类型";
  private static final String PAYMENTS = "交易订单总笔数";
  private static final String REFUNDS = "退款订单总笔数";
  private static final String AMOUNT = "订单金额（元）";
  private static final String RECEIVED = "商家实收（元）";
  private static final String FEE = "服务费（元）";
  private static final String REQUEST = "退款批次号/请求号";
  private static final String ENDED = "完成时间";
  private static final String ALL = "合计";

  /// The columns that are no text, besides those in yuan.
  private static final List<String> TIMES = List.of("创建时间", ENDED);

  private static final Pattern TIME = Pattern.compile("[0-9-]{10} [0-9:]{8}");

  private static final DateTimeFormatter FROM = DateTimeFormatter.ofPattern("uuuu年MM月dd日");

  private final Optional<String> seller;
  private final LocalDate day;
  private final Consumer<BillRow> taker;

  /// What the lines come to.
  private long payments;

  private long refunds;
  private long amount;
  private long received;
  private long fee;

  private Optional<String> detailDigest = Optional.empty();
  private Optional<String> summaryDigest = Optional.empty();
  private Map<String, String> summary = Map.of();

  private BillZip(Optional<String> seller, LocalDate day, Consumer<BillRow> taker) {
    this.seller = seller;
    this.day = day;
    this.taker = taker;
  }

  /// Reads all of it.
  ///
  /// @param size of the ZIP; unit: bytes
  /// @param seller whose bill it must be, if we know
  /// @throws Unreadable when it is none, is not whole, does not add up, or is another's
  static Bill.Statement read(
      InputStream in, long size, Optional<String> seller, LocalDate day, Consumer<BillRow> rows)
      throws IOException {
    var bill = new BillZip(seller, day, rows);
    try (var zip = new ZipInputStream(in, GBK)) {
      InputStream unpacked = new Unpacking(zip, size);
      int files = 0;
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (++files > MOST_FILES) {
          throw new Unreadable("the ZIP has too many files");
        }
        if (!entry.isDirectory()) {
          bill.file(unpacked);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new Unreadable("the ZIP is damaged"); // a name that is none
    }
    return bill.statement();
  }

  private void file(InputStream in) throws IOException {
    MessageDigest digest = sha256();
    var lines = new BillLines(in, digest, Optional.of(FRAME));
    Optional<String> line = lines.next();
    while (line.isPresent() && (line.get().isBlank() || line.get().startsWith(FRAME))) {
      frame(line.get());
      line = lines.next();
    }
    String header = line.orElseThrow(() -> new Unreadable("a file of the bill has no header"));
    Map<String, Integer> columns = columns(header);
    if (columns.containsKey(TRADE)) {
      if (detailDigest.isPresent()) {
        throw new Unreadable("the bill has its lines twice");
      }
      details(lines, columns);
      detailDigest = Optional.of(hex(digest));
    } else if (columns.containsKey(PAYMENTS)) {
      if (summaryDigest.isPresent()) {
        throw new Unreadable("the bill has its sums twice");
      }
      summary(lines, columns);
      summaryDigest = Optional.of(hex(digest));
    } else {
      throw new Unreadable("the bill has a file of another kind");
    }
  }

  /// Whose bill it is, and of which day.
  private void frame(String line) {
    if (line.startsWith("#账号：[")
        && seller.filter(ours -> !line.startsWith("#账号：[" + ours)).isPresent()) {
      throw Unreadable.aboutAnother("账号");
    }
    if (line.startsWith("#起始日期：[") && !line.startsWith("#起始日期：[" + FROM.format(day))) {
      throw new Unreadable("it is of another day");
    }
  }

  private static Map<String, Integer> columns(String header) {
    Map<String, Integer> columns = new HashMap<>();
    String[] names = header.split(",", -1);
    for (int i = 0; i < names.length; i++) {
      if (columns.put(names[i].strip(), i) != null) {
        throw new Unreadable("a column stands twice");
      }
    }
    return columns;
  }

  private void details(BillLines lines, Map<String, Integer> columns) throws IOException {
    boolean[] isText = new boolean[columns.size()];
    columns.forEach((name, i) -> isText[i] = !name.endsWith("（元）") && !TIMES.contains(name));
    boolean ended = false;
    for (var line = lines.next(); line.isPresent(); line = lines.next()) {
      if (line.get().startsWith(FRAME)) {
        ended = true; // what follows are totals that the other file has too
      } else if (!line.get().isBlank() && !ended) {
        take(new Cells(columns, cells(lines, line.get(), isText, columns)));
      } else if (!line.get().isBlank()) {
        throw new Unreadable("the bill goes on after its end");
      }
    }
    if (!ended) {
      throw new Unreadable("the bill ends without its end");
    }
  }

  /// The cells of a line, and of those after it that a line break in a name has made of it.
  private static String[] cells(
      BillLines lines, String first, boolean[] isText, Map<String, Integer> columns)
      throws IOException {
    var whole = new StringBuilder(first);
    String[] cells = first.split(",", -1);
    while (cells.length < isText.length) {
      whole.append('\n').append(lines.next().orElseThrow(() -> new Unreadable("a line is cut")));
      if (whole.length() > BillLines.LONGEST) {
        throw new Unreadable("a line lacks columns");
      }
      cells = whole.toString().split(",", -1);
    }
    return cells.length == isText.length ? cells : joined(cells, isText, columns);
  }

  /// Puts together what commas in texts have torn apart: in the goods' name, if that leaves the
  /// times behind it in their places; else wherever a text has not come to its tab.
  private static String[] joined(String[] pieces, boolean[] isText, Map<String, Integer> columns) {
    int name = columns.getOrDefault(NAME, 0);
    int torn = pieces.length - isText.length + 1;
    List<String> cells = new ArrayList<>(List.of(pieces).subList(0, name));
    cells.add(String.join(",", List.of(pieces).subList(name, name + torn)));
    cells.addAll(List.of(pieces).subList(name + torn, pieces.length));
    boolean fits =
        TIMES.stream()
            .map(columns::get)
            .allMatch(i -> i != null && TIME.matcher(cells.get(i).strip()).matches());
    return fits ? cells.toArray(String[]::new) : joinedByTabs(pieces, isText);
  }

  private static String[] joinedByTabs(String[] pieces, boolean[] isText) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < pieces.length; i++) {
      var cell = new StringBuilder(pieces[i]);
      boolean text = cells.size() < isText.length && isText[cells.size()];
      while (text && !cell.isEmpty() && cell.charAt(cell.length() - 1) != '\t') {
        if (++i == pieces.length) {
          throw new Unreadable("a text has no end");
        }
        cell.append(',').append(pieces[i]);
      }
      cells.add(cell.toString());
    }
    if (cells.size() != isText.length) {
      throw new Unreadable("a line has too many columns");
    }
    return cells.toArray(String[]::new);
  }

  private void take(Cells cells) {
    BillRow.Kind kind =
        switch (cells.need(KIND)) {
          case "交易" -> BillRow.Kind.PAY;
          case "退款" -> BillRow.Kind.REFUND;
          default -> throw new Unreadable(KIND + " is none that we know");
        };
    boolean isRefund = kind == BillRow.Kind.REFUND;
    // A refund's amounts are below zero in some bills, and not in others: the kind tells.
    long sign = isRefund ? -1 : 1;
    var row =
        new BillRow(
            kind,
            cells.need(TRADE),
            cells.need("商户订单号"),
            Optional.empty(),
            Optional.of(cells.need(REQUEST)).filter(text -> isRefund && !text.isEmpty()),
            Optional.empty(),
            Optional.empty(),
            "CNY",
            Math.abs(fen(AMOUNT, cells.need(AMOUNT))),
            Math.abs(fen(RECEIVED, cells.need(RECEIVED))),
            Math.abs(thousandths(FEE, cells.need(FEE))),
            BillNumbers.time(ENDED, cells.need(ENDED), day),
            "SUCCESS");
    if (isRefund) {
      refunds++;
    } else {
      payments++;
    }
    amount = Math.addExact(amount, sign * row.amount());
    received = Math.addExact(received, sign * row.settlement());
    fee = Math.addExact(fee, sign * row.fee());
    taker.accept(row);
  }

  private void summary(BillLines lines, Map<String, Integer> columns) throws IOException {
    Map<String, String> all = new HashMap<>();
    for (var line = lines.next(); line.isPresent(); line = lines.next()) {
      String[] cells = line.get().split(",", -1);
      if (cells[0].strip().equals(ALL)) {
        if (cells.length != columns.size()) {
          throw new Unreadable("the sums do not fit their header");
        }
        columns.forEach((name, i) -> all.put(name, cells[i].strip()));
      }
    }
    if (all.isEmpty()) {
      throw new Unreadable("the bill has no sums");
    }
    summary = all;
  }

  private Bill.Statement statement() {
    if (detailDigest.isEmpty() || summaryDigest.isEmpty()) {
      throw new Unreadable("the bill lacks its lines or its sums");
    }
    needSum(PAYMENTS, BillNumbers.count(PAYMENTS, said(PAYMENTS)), payments);
    needSum(REFUNDS, BillNumbers.count(REFUNDS, said(REFUNDS)), refunds);
    needSum(AMOUNT, fen(AMOUNT, said(AMOUNT)), amount);
    needSum(RECEIVED, fen(RECEIVED, said(RECEIVED)), received);
    // What is taken stands below zero; a fee that was only given back, above.
    long theirs = -thousandths(FEE, said(FEE));
    needSum(FEE, Math.abs(theirs), Math.abs(fee));
    MessageDigest both = sha256();
    both.update(HexFormat.of().parseHex(detailDigest.get()));
    both.update(HexFormat.of().parseHex(summaryDigest.get()));
    return new Bill.Statement(hex(both), new Bill.Sums(payments + refunds, amount, received, fee));
  }

  private String said(String column) {
    return summary.getOrDefault(column, "");
  }

  private static void needSum(String column, long theirs, long ours) {
    if (theirs != ours) {
      throw new Unreadable(column + " is not the sum of the lines");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /// One line.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Cells(Map<String, Integer> columns, String[] texts) {
    String need(String column) {
      Integer i = columns.get(column);
      if (i == null) {
        throw new Unreadable("the column " + column + " is missing");
      }
      return texts[i].strip();
    }
  }
}
