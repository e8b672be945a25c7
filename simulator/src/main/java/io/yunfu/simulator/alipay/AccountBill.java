package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// What came into and went out of a seller's account, `bill_type` `signcustomer`: payments, fees,
/// refunds, and fees given back, each as a line.
final class AccountBill {
  private static final DateTimeFormatter FRAME = DateTimeFormatter.ofPattern("yyyy年MM月dd日");
  private static final String HEADER =
      "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注";

  private record Line(
      Instant at,
      String tradeNo,
      String outTradeNo,
      String subject,
      String payer,
      Money amount,
      String kind,
      String note) {}

  private final Seller seller;
  private final LocalDate from;
  private final LocalDate to;
  private final List<Line> lines;
  private final Money opening;

  private AccountBill(
      Seller seller, LocalDate from, LocalDate to, List<Line> lines, Money opening) {
    this.seller = seller;
    this.from = from;
    this.to = to;
    this.lines = List.copyOf(lines);
    this.opening = opening;
  }

  /// Draws up the bill.
  ///
  /// @param to the last day, included
  /// @param balance what the seller has now; what it had then is counted back from it
  static AccountBill of(Book book, Seller seller, LocalDate from, LocalDate to, Money balance) {
    List<Line> all = new ArrayList<>();
    for (Trade trade : book.all()) {
      if (trade.seller().id().equals(seller.id()) && trade.payment().isPresent()) {
        add(all, trade);
      }
    }
    all.sort(Comparator.comparing(Line::at));
    Instant begin = BeijingTime.startOf(from);
    Instant end = BeijingTime.startOf(to.plusDays(1));
    Money opening = balance;
    List<Line> lines = new ArrayList<>();
    for (Line line : all) {
      if (!line.at().isBefore(begin)) {
        opening = opening.minus(line.amount());
        if (line.at().isBefore(end)) {
          lines.add(line);
        }
      }
    }
    return new AccountBill(seller, from, to, lines, opening);
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  private static void add(List<Line> all, Trade trade) {
    Trade.Payment payment = trade.payment().orElseThrow();
    Money fee = payment.funds().fee(trade.seller().feeRate());
    all.add(line(trade, payment.at(), payment.funds().toMerchant(), "在线支付", ""));
    all.add(line(trade, payment.at(), fee.negated(), "收费", "服务费"));
    for (Refund refund : trade.refunds()) {
      String no = refund.requestNo();
      all.add(line(trade, refund.at(), refund.funds().toMerchant().negated(), "交易退款", no));
      all.add(line(trade, refund.at(), refund.fee(), "退费", no));
    }
  }

  private static Line line(Trade trade, Instant at, Money amount, String kind, String note) {
    return new Line(
        at,
        trade.number(),
        trade.outTradeNo(),
        trade.terms().subject(),
        trade.payment().orElseThrow().payer().logonId(),
        amount,
        kind,
        note);
  }

  byte[] zip() {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes, TradeBill.GBK)) {
      String days = (from.equals(to) ? from.toString() : from.toString().substring(0, 7));
      var entry = new ZipEntry(seller.id() + "0156_" + days.replace("-", "") + "_账务明细.csv");
      entry.setTime(0); // or two runs would differ
      zip.putNextEntry(entry);
      zip.write(text().getBytes(TradeBill.GBK));
      zip.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException("a ZIP in memory failed", e);
    }
    return bytes.toByteArray();
  }

  private String text() {
    List<String> text = new ArrayList<>();
    text.add("#支付宝账务明细查询");
    text.add("#账号：[" + seller.id() + "0156]");
    text.add(
        "#起始日期：["
            + FRAME.format(from)
            + " 00:00:00]   终止日期：["
            + FRAME.format(to.plusDays(1))
            + " 00:00:00]");
    text.add(
        "#-----------------------------------------账务明细列表----------------------------------------");
    text.add(HEADER);
    Money balance = opening;
    int number = 0;
    for (Line line : lines) {
      if (line.amount().isZero()) {
        continue;
      }
      balance = balance.plus(line.amount());
      text.add(
          String.join(
              ",",
              TradeBill.cell(
                  BeijingTime.date(line.at()).toString().replace("-", "")
                      + "%08d".formatted(++number)),
              TradeBill.cell(line.tradeNo()),
              TradeBill.cell(line.outTradeNo()),
              TradeBill.cell(line.subject()),
              BeijingTime.text(line.at()),
              TradeBill.cell(line.payer()),
              line.amount().isPositive() ? Yuan.text(line.amount()) : "0.00",
              line.amount().isNegative() ? Yuan.text(line.amount()) : "0.00",
              Yuan.text(balance),
              TradeBill.cell("支付宝"),
              TradeBill.cell(line.kind()),
              TradeBill.cell(line.note())));
    }
    text.add(
        "#-----------------------------------------账务明细列表结束------------------------------------");
    return String.join("\r\n", text) + "\r\n";
  }
}
