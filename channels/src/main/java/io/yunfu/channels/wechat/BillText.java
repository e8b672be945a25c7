package io.yunfu.channels.wechat;

import static io.yunfu.channels.BillNumbers.fen;
import static io.yunfu.channels.BillNumbers.thousandths;

import io.yunfu.channels.BillLines;
import io.yunfu.channels.BillNumbers;
import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// WeChat Pay's bill: a header, a line per payment and refund, a header and a line of sums. Each
/// value but the headers' is preceded by a backtick, and values are told apart by comma and
/// backtick together, since names of goods have commas. Columns are found by their names: there
/// were 24 of them and are 27 now.
///
/// What merchants wrote, the goods' name and the data behind it, may hold anything: line breaks,
/// and comma and backtick too. Both columns stand side by side, so that all others are counted from
/// the ends of the line. Nothing of these two is kept or interpreted.
///
/// Source: `channels.md` section 8.1.
final class BillText {
  private static final String AT = "交易时间";
  private static final String TYPE = "交易状态";
  private static final String NAME = "商品名称";
  private static final String ATTACH = "商户数据包";
  private static final String COUNT = "总交易单数";
  private static final List<String> SETTLEMENT = List.of("应结订单金额", "总金额");
  private static final List<String> AMOUNT = List.of("订单金额", "总金额");
  private static final List<String> REFUNDED = List.of("退款金额");
  private static final List<String> REQUESTED = List.of("申请退款金额", "退款金额");
  private static final List<String> FEE = List.of("手续费");

  /// What the channel sums up, and over which column; the first that a bill has of each.
  private static final List<Sum> SUMS =
      List.of(
          new Sum(List.of("应结订单总金额", "总交易额"), SETTLEMENT, true),
          new Sum(List.of("退款总金额", "总退款金额"), REFUNDED, true),
          new Sum(
              List.of("充值券退款总金额", "总代金券或立减优惠退款金额", "总企业红包退款金额"),
              List.of("充值券退款金额", "代金券或立减优惠退款金额", "企业红包退款金额"),
              false),
          new Sum(List.of("手续费总金额"), FEE, true),
          new Sum(List.of("订单总金额"), List.of("订单金额"), false),
          new Sum(List.of("申请退款总金额"), List.of("申请退款金额"), false));

  private static final String SEPARATOR = ",`";

  private record Sum(List<String> total, List<String> column, boolean needed) {}

  private final BillLines lines;
  private final MessageDigest digest;
  private final String merchantNumber;
  private final LocalDate day;
  private final Map<String, Integer> columns = new HashMap<>();
  private int width;

  /// Where what merchants wrote begins and ends.
  private int freeFrom;

  private int freeTo;

  private final long[] sums = new long[SUMS.size()];
  private long rows;

  private BillText(InputStream in, String merchantNumber, LocalDate day) {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
    this.lines = new BillLines(in, digest, Optional.empty());
    this.merchantNumber = merchantNumber;
    this.day = day;
  }

  /// Reads all of it.
  ///
  /// @param in unpacked
  /// @param merchantNumber whose bill it must be
  /// @throws Unreadable when it is none, is not whole, does not add up, or is another's
  static Bill.Statement read(
      InputStream in, String merchantNumber, LocalDate day, Consumer<BillRow> rows)
      throws IOException {
    var bill = new BillText(in, merchantNumber, day);
    bill.header();
    String summary = bill.details(rows);
    return bill.summary(summary);
  }

  private void header() throws IOException {
    String line = lines.next().orElseThrow(() -> new Unreadable("the bill is empty"));
    String[] names = line.split(",", -1);
    for (int i = 0; i < names.length; i++) {
      if (columns.put(names[i].strip(), i) != null) {
        throw new Unreadable("a column stands twice");
      }
    }
    width = names.length;
    freeFrom = columns.getOrDefault(NAME, width);
    freeTo = columns.getOrDefault(ATTACH, freeFrom);
    if (freeTo - freeFrom > 1 || freeTo < freeFrom) {
      throw new Unreadable("the goods' name and the merchant's data do not stand side by side");
    }
    need(AT);
  }

  /// @return the header of the sums
  private String details(Consumer<BillRow> taker) throws IOException {
    while (true) {
      String line =
          lines.next().orElseThrow(() -> new Unreadable("the bill ends without its sums"));
      if (line.startsWith(COUNT)) {
        return line;
      }
      if (line.isBlank()) {
        continue;
      }
      String[] values = values(line);
      rows++;
      for (int i = 0; i < sums.length; i++) {
        Optional<Integer> column = first(SUMS.get(i).column());
        if (column.isPresent()) {
          String name = SUMS.get(i).column().getFirst();
          sums[i] = Math.addExact(sums[i], thousandths(name, at(values, column.get())));
        }
      }
      taker.accept(row(values));
    }
  }

  /// The values of a line, and of those after it that a line break in a name has made of it.
  private String[] values(String line) throws IOException {
    if (!line.startsWith("`")) {
      throw new Unreadable("a line does not begin with a backtick");
    }
    var whole = new StringBuilder(line);
    String[] values = split(line);
    while (values.length < width) {
      whole.append('\n').append(lines.next().orElseThrow(() -> new Unreadable("a line is cut")));
      if (whole.length() > BillLines.LONGEST) {
        throw new Unreadable("a line lacks columns");
      }
      values = split(whole.toString());
    }
    if (values.length > width && freeFrom == width) {
      throw new Unreadable("a line has too many columns");
    }
    return values;
  }

  private static String[] split(String line) {
    return line.substring(1).split(SEPARATOR, -1);
  }

  private BillRow row(String[] values) {
    if (!value(values, "商户号").equals(merchantNumber)) {
      throw Unreadable.aboutAnother("商户号");
    }
    String type = value(values, TYPE);
    long total = Math.abs(fen(AMOUNT.getFirst(), value(values, AMOUNT)));
    BillRow.Kind kind =
        switch (type) {
          case "SUCCESS" -> BillRow.Kind.PAY;
          case "REFUND" -> BillRow.Kind.REFUND;
          // Of a code payment that was undone there is a line of its own, which has no total.
          case "REVOKED" -> total > 0 ? BillRow.Kind.PAY : BillRow.Kind.REFUND;
          default -> throw new Unreadable(TYPE + " is none that we know");
        };
    boolean isRefund = kind == BillRow.Kind.REFUND;
    long fee = Math.abs(thousandths(FEE.getFirst(), value(values, FEE)));
    return new BillRow(
        kind,
        value(values, "微信订单号"),
        value(values, "商户订单号"),
        number(values, "微信退款单号").filter(_ -> isRefund),
        number(values, "商户退款单号").filter(_ -> isRefund),
        Optional.of(value(values, List.of("特约商户号", "子商户号"))),
        Optional.of(value(values, "公众账号ID")),
        value(values, "货币种类"),
        isRefund ? Math.abs(fen(REQUESTED.getFirst(), value(values, REQUESTED))) : total,
        Math.abs(
            isRefund
                ? fen(REFUNDED.getFirst(), value(values, REFUNDED))
                : fen(SETTLEMENT.getFirst(), value(values, SETTLEMENT))),
        fee,
        BillNumbers.time(AT, value(values, AT), day),
        type.equals("REFUND") ? value(values, "退款状态") : type);
  }

  /// `0` stands for none.
  private Optional<String> number(String[] values, String column) {
    return Optional.of(value(values, column)).filter(text -> !text.isEmpty() && !text.equals("0"));
  }

  private Bill.Statement summary(String header) throws IOException {
    String line = lines.next().orElseThrow(() -> new Unreadable("the sums are missing"));
    String[] names = header.split(",", -1);
    String[] values = line.startsWith("`") ? split(line) : new String[0];
    if (values.length != names.length) {
      throw new Unreadable("the sums do not fit their header");
    }
    Map<String, String> said = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      said.put(names[i].strip(), values[i].strip());
    }
    long count = BillNumbers.count(COUNT, said.getOrDefault(COUNT, ""));
    if (count != rows) {
      throw new Unreadable("the summary counts %d lines, and there are %d".formatted(count, rows));
    }
    long[] theirs = new long[sums.length];
    Arrays.fill(theirs, Long.MIN_VALUE);
    for (int i = 0; i < sums.length; i++) {
      Sum sum = SUMS.get(i);
      Optional<String> name = sum.total().stream().filter(said::containsKey).findFirst();
      if (name.isEmpty() || first(sum.column()).isEmpty()) {
        if (sum.needed()) {
          throw new Unreadable(sum.total().getFirst() + " is missing");
        }
        continue;
      }
      theirs[i] = thousandths(name.get(), said.getOrDefault(name.get(), ""));
      if (theirs[i] != sums[i]) {
        throw new Unreadable(name.get() + " is not the sum of the lines");
      }
    }
    for (var rest = lines.next(); rest.isPresent(); rest = lines.next()) {
      if (!rest.get().isBlank()) {
        throw new Unreadable("the bill goes on after its sums");
      }
    }
    return new Bill.Statement(HexFormat.of().formatHex(digest.digest()), sums(theirs));
  }

  /// @param theirs in the order of [#SUMS]; unit: a thousandth of a fen
  private Bill.Sums sums(long[] theirs) {
    long settled = theirs[0];
    long refunded = theirs[1];
    long ordered = theirs[4] == Long.MIN_VALUE ? settled : theirs[4];
    long requested = theirs[5] == Long.MIN_VALUE ? refunded : theirs[5];
    return new Bill.Sums(
        rows, (ordered - requested) / 1000, (settled - refunded) / 1000, theirs[3]);
  }

  private Optional<Integer> first(List<String> names) {
    return names.stream().filter(columns::containsKey).map(columns::get).findFirst();
  }

  private int need(String name) {
    Integer column = columns.get(name);
    if (column == null) {
      throw new Unreadable("the column " + name + " is missing");
    }
    return column;
  }

  private String value(String[] values, String name) {
    return at(values, need(name));
  }

  private String value(String[] values, List<String> names) {
    return at(values, first(names).orElseGet(() -> need(names.getFirst())));
  }

  /// Columns behind what merchants wrote are counted from the end.
  private String at(String[] values, int column) {
    return values[column <= freeFrom ? column : column + values.length - width].strip();
  }
}
