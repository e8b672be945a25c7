package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Effect.BillFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The bill of one seller: what was paid and given back in some days, as the channel writes it
/// down. Source: channels.md, section 8.2.
final class TradeBill {
  static final Charset GBK = Charset.forName("GBK");

  private static final DateTimeFormatter FRAME = DateTimeFormatter.ofPattern("yyyy年MM月dd日");
  private static final String PAYMENT = "交易";
  private static final String REFUND = "退款";
  private static final String HEADER =
      "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
          + "订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,"
          + "券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
  private static final String SUMMARY_HEADER =
      "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,"
          + "卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";

  private final Seller seller;
  private final LocalDate from;
  private final LocalDate to;
  private final List<Row> rows;
  private final Set<BillFault> faults;

  private TradeBill(
      Seller seller, LocalDate from, LocalDate to, List<Row> rows, Set<BillFault> faults) {
    this.seller = seller;
    this.from = from;
    this.to = to;
    this.rows = List.copyOf(rows);
    this.faults = faults;
  }

  /// One line. Amounts of a refund are negative.
  private record Row(
      Instant finished,
      String tradeNo,
      String outTradeNo,
      String kind,
      String subject,
      Instant created,
      String store,
      String operator,
      String terminal,
      String payer,
      Funds funds,
      Money fee,
      String requestNo,
      String note) {
    boolean isRefund() {
      return kind.equals(REFUND);
    }

    Row with(String otherKind, Funds otherFunds) {
      return new Row(
          finished,
          tradeNo,
          outTradeNo,
          otherKind,
          subject,
          created,
          store,
          operator,
          terminal,
          payer,
          otherFunds,
          fee,
          requestNo,
          note);
    }

    long sign() {
      return isRefund() ? -1 : 1;
    }
  }

  /// Draws up the bill.
  ///
  /// @param to the last day, included
  static TradeBill of(
      Book book, Seller seller, LocalDate from, LocalDate to, List<Effect> effects) {
    Instant begin = BeijingTime.startOf(from);
    Instant end = BeijingTime.startOf(to.plusDays(1));
    List<Row> rows = new ArrayList<>();
    for (Trade trade : book.all()) {
      if (trade.seller().id().equals(seller.id()) && trade.payment().isPresent()) {
        rows.addAll(rows(trade));
      }
    }
    rows.removeIf(row -> row.finished().isBefore(begin) || !row.finished().isBefore(end));
    rows.sort(Comparator.comparing(Row::finished));
    Set<BillFault> faults = EnumSet.noneOf(BillFault.class);
    effects.forEach(effect -> {
      if (effect instanceof Effect.Bill(BillFault fault)) {
        faults.add(fault);
      }
    });
    alter(rows, faults, to);
    return new TradeBill(seller, from, to, rows, faults);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /// Faults that change what the bill says. Its sums follow, so that it is still a bill that adds
  /// up; that the sums are wrong is a fault of its own.
  private static void alter(List<Row> rows, Set<BillFault> faults, LocalDate day) {
    if (!rows.isEmpty()) {
      Row first = rows.getFirst();
      if (faults.contains(BillFault.AMOUNT)) {
        Funds funds = first.funds();
        rows.set(
            0,
            first.with(
                first.kind(),
                new Funds(
                    funds.total().plus(Money.cny(1)), funds.fromPlatform(), funds.fromMerchant())));
      }
      if (faults.contains(BillFault.STATUS)) {
        rows.set(0, first.with(first.isRefund() ? PAYMENT : REFUND, first.funds()));
      }
      if (faults.contains(BillFault.DUPLICATE)) {
        rows.add(1, rows.getFirst());
      }
      if (faults.contains(BillFault.MISSING_ROW)) {
        rows.removeFirst();
      }
    }
    if (faults.contains(BillFault.EXTRA_ROW)) {
      rows.add(stranger(day));
    }
  }

  private static Row stranger(LocalDate day) {
    Instant noon = BeijingTime.startOf(day).plusSeconds(12 * 3600);
    return new Row(
        noon,
        day.toString().replace("-", "") + "22999999999999999999",
        "nobody_knows_this",
        PAYMENT,
        "陌生订单",
        noon,
        "",
        "",
        "",
        "who***@example.test",
        Funds.plain(Money.cny(123)),
        Money.cny(1),
        "",
        "");
  }

  private static List<Row> rows(Trade trade) {
    Trade.Payment payment = trade.payment().orElseThrow();
    List<Row> rows = new ArrayList<>();
    Money fee = payment.funds().fee(trade.seller().feeRate());
    rows.add(row(trade, payment, PAYMENT, payment.at(), payment.funds(), fee, "", ""));
    for (Refund refund : trade.refunds()) {
      rows.add(
          row(
              trade,
              payment,
              REFUND,
              refund.at(),
              refund.funds(),
              refund.fee(),
              refund.requestNo(),
              refund.reason().orElse("")));
    }
    return rows;
  }

  private static Row row(
      Trade trade,
      Trade.Payment payment,
      String kind,
      Instant at,
      Funds funds,
      Money fee,
      String requestNo,
      String note) {
    Terms terms = trade.terms();
    return new Row(
        at,
        trade.number(),
        trade.outTradeNo(),
        kind,
        terms.subject(),
        trade.created(),
        terms.storeId().orElse(""),
        terms.operatorId().orElse(""),
        terms.terminalId().orElse(""),
        payment.payer().logonId(),
        funds,
        fee,
        requestNo,
        note);
  }

  /// The two files in a ZIP. Its names are in GBK, and the flag that would announce UTF-8 is not
  /// set.
  byte[] zip() {
    String name = seller.id() + "0156_" + period().replace("-", "") + "_业务明细";
    Charset names = faults.contains(BillFault.GBK_NAME) ? StandardCharsets.UTF_8 : GBK;
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes, names)) {
      entry(zip, name + ".csv", details());
      entry(zip, name + "(汇总).csv", summary());
    } catch (IOException e) {
      throw new UncheckedIOException("a ZIP in memory failed", e);
    }
    return bytes.toByteArray();
  }

  private void entry(ZipOutputStream zip, String name, String text) throws IOException {
    var entry = new ZipEntry(name);
    entry.setTime(0); // or two runs would differ
    zip.putNextEntry(entry);
    if (faults.contains(BillFault.BOM)) {
      zip.write(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf});
    }
    zip.write(text.getBytes(GBK));
    zip.closeEntry();
  }

  /// `2026-01-01` or `2026-01`.
  private String period() {
    return from.equals(to) ? from.toString() : from.toString().substring(0, 7);
  }

  /// Every row.
  String details() {
    List<String> lines = new ArrayList<>();
    lines.add("#支付宝业务明细查询");
    lines.addAll(frame());
    lines.add(
        "#-----------------------------------------业务明细列表----------------------------------------");
    lines.add(HEADER);
    for (int i = 0; i < rows.size(); i++) {
      lines.add(text(rows.get(i), i == 0));
    }
    lines.add(
        "#-----------------------------------------业务明细列表结束------------------------------------");
    lines.add(totals(PAYMENT, false));
    lines.add(totals(REFUND, true));
    lines.add("#导出时间：[" + BeijingTime.text(BeijingTime.startOf(to.plusDays(1))) + "]");
    return joined(lines);
  }

  /// Sums per shop, and of all.
  String summary() {
    List<String> lines = new ArrayList<>();
    lines.add("#支付宝业务汇总查询");
    lines.addAll(frame());
    lines.add(
        "#-----------------------------------------业务汇总列表----------------------------------------");
    lines.add(SUMMARY_HEADER);
    Map<String, List<Row>> shops = new LinkedHashMap<>();
    rows.forEach(row -> shops.computeIfAbsent(row.store(), _ -> new ArrayList<>()).add(row));
    shops.forEach((shop, those) -> lines.add(sums(cell(shop), those, 0)));
    lines.add(sums(cell("合计"), rows, faults.contains(BillFault.SUMMARY_WRONG) ? 1 : 0));
    lines.add(
        "#-----------------------------------------业务汇总列表结束------------------------------------");
    return joined(lines);
  }

  private List<String> frame() {
    return List.of(
        "#账号：[" + seller.id() + "0156]",
        "#起始日期：["
            + FRAME.format(from)
            + " 00:00:00]   终止日期：["
            + FRAME.format(to.plusDays(1))
            + " 00:00:00]");
  }

  private String totals(String kind, boolean refunds) {
    long count = rows.stream().filter(row -> row.isRefund() == refunds).count();
    Money received = Money.cny(0);
    for (Row row : rows) {
      if (row.isRefund() == refunds) {
        received = received.plus(times(row.funds().toMerchant(), row.sign()));
      }
    }
    return "#" + kind + "合计：" + count + "笔，商家实收共" + Yuan.text(received) + "元";
  }

  private static String sums(String shop, List<Row> those, long off) {
    Money total = Money.cny(off);
    Money received = Money.cny(off);
    Money platform = Money.cny(0);
    Money merchant = Money.cny(0);
    Money fees = Money.cny(0);
    for (Row row : those) {
      total = total.plus(times(row.funds().total(), row.sign()));
      received = received.plus(times(row.funds().toMerchant(), row.sign()));
      platform = platform.plus(times(row.funds().fromPlatform(), row.sign()));
      merchant = merchant.plus(times(row.funds().fromMerchant(), row.sign()));
      fees = fees.minus(times(row.fee(), row.sign()));
    }
    return String.join(
        ",",
        shop,
        cell(""),
        Long.toString(those.stream().filter(row -> !row.isRefund()).count()),
        Long.toString(those.stream().filter(Row::isRefund).count()),
        Yuan.text(total),
        Yuan.text(received),
        Yuan.text(platform),
        Yuan.text(merchant),
        "0.00",
        Yuan.text(fees),
        "0.00",
        Yuan.text(received.plus(fees)));
  }

  private String text(Row row, boolean first) {
    Funds funds = row.funds();
    boolean coupon = !funds.coupons().isZero();
    return String.join(
        ",",
        cell(row.tradeNo()),
        cell(row.outTradeNo()),
        cell(row.kind()),
        first ? named(row.subject()) : cell(row.subject()),
        BeijingTime.text(row.created()),
        BeijingTime.text(row.finished()),
        cell(row.store()),
        cell(""),
        cell(row.operator()),
        cell(row.terminal()),
        cell(row.payer()),
        Yuan.text(times(funds.total(), row.sign())),
        Yuan.text(times(funds.toMerchant(), row.sign())),
        Yuan.text(times(funds.fromPlatform(), row.sign())),
        "0.00",
        "0.00",
        Yuan.text(times(funds.fromMerchant(), row.sign())),
        Yuan.text(times(funds.fromMerchant(), row.sign())),
        cell(coupon ? "优惠券" : ""),
        "0.00",
        "0.00",
        cell(row.requestNo()),
        Yuan.text(times(row.fee(), -row.sign())),
        "0.00",
        cell(row.note()));
  }

  /// The goods name of the first row, which some faults spoil.
  private String named(String subject) {
    String name = clean(subject);
    if (faults.contains(BillFault.COMMA_IN_NAME)) {
      name += ",带逗号";
    }
    if (faults.contains(BillFault.BACKTICK_IN_NAME)) {
      name += "`,`带反引号";
    }
    if (faults.contains(BillFault.NEWLINE_IN_NAME)) {
      name += "\n换行";
    }
    return name + "\t";
  }

  private String joined(List<String> lines) {
    String end = faults.contains(BillFault.LF) ? "\n" : "\r\n";
    return String.join(end, lines) + end;
  }

  /// A text ends with a tab. What would break the line is taken out of it.
  static String cell(String text) {
    return clean(text) + "\t";
  }

  private static String clean(String text) {
    return text.replaceAll("[,\r\n\t]", " ");
  }

  private static Money times(Money amount, long sign) {
    return sign < 0 ? amount.negated() : amount;
  }
}
