package io.yunfu.simulator.wechat;

import io.yunfu.simulator.fault.Effect.BillFault;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Stream;

/// The bill of one day, in the channel's text format. Source: channels.md, section 8.1.
///
/// What a refund had come to is frozen at the time of the cut, whenever the bill is fetched.
final class Bill {
  /// Which rows and columns it has.
  enum Kind {
    ALL,
    SUCCESS,
    REFUND,
    RECHARGE_REFUND
  }

  private static final String HEAD =
      "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额";
  private static final String REFUND_TIMES = ",退款申请时间,退款成功时间";
  private static final String REFUND_COLUMNS = ",微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态";
  private static final String TAIL = ",商品名称,商户数据包,手续费,费率,订单金额";
  private static final String REQUESTED = ",申请退款金额";
  private static final String REMARK = ",费率备注";
  private static final String SUMMARY = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /// One line. All amounts in fen.
  private record Row(
      Instant at,
      Order order,
      Transaction paid,
      Optional<Refund> refund,
      String state,
      String refundState,
      long settlement,
      long refunded,
      long charge,
      long total,
      long requested,
      String name) {
    boolean isRefund() {
      return !state.equals("SUCCESS");
    }

    Row called(String other) {
      return new Row(
          at,
          order,
          paid,
          refund,
          state,
          refundState,
          settlement,
          refunded,
          charge,
          total,
          requested,
          other);
    }

    Row with(String otherState, String otherRefundState) {
      return new Row(
          at,
          order,
          paid,
          refund,
          otherState,
          otherRefundState,
          settlement,
          refunded,
          charge,
          total,
          requested,
          name);
    }

    Row dearer() {
      return new Row(
          at,
          order,
          paid,
          refund,
          state,
          refundState,
          settlement + 1,
          refunded,
          charge,
          total + 1,
          requested,
          name);
    }
  }

  private final Kind kind;
  private final Set<BillFault> faults;
  private final List<Row> rows;

  private Bill(Kind kind, Set<BillFault> faults, List<Row> rows) {
    this.kind = kind;
    this.faults = faults;
    this.rows = rows;
  }

  /// Draws one up.
  ///
  /// @param day in Beijing
  /// @param cut when it was frozen
  static Bill of(List<Order> orders, LocalDate day, Instant cut, Kind kind, Set<BillFault> faults) {
    Instant from = Times.at(day, LocalTime.MIDNIGHT);
    Instant to = Times.at(day.plusDays(1), LocalTime.MIDNIGHT);
    List<Row> rows = new ArrayList<>();
    for (Order order : orders) {
      if (kind == Kind.ALL || kind == Kind.SUCCESS) {
        order.transactions().stream()
            .filter(paid -> within(paid.paid(), from, to))
            .map(paid -> payment(order, paid))
            .forEach(rows::add);
      }
      if (kind == Kind.ALL || kind == Kind.REFUND) {
        order.refunds().stream()
            .filter(refund -> within(refund.accepted(), from, to))
            .map(refund -> refund(order, refund, cut))
            .forEach(rows::add);
        order
            .revoked()
            .filter(at -> within(at, from, to))
            .ifPresent(
                at -> order.transactions().forEach(paid -> rows.add(reversal(order, paid, at))));
      }
    }
    rows.sort(
        Comparator.comparing(Row::at)
            .thenComparing(row -> row.order().number())
            .thenComparing(row -> row.refund().map(Refund::number).orElse("")));
    return new Bill(kind, faults, rows);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  byte[] bytes(boolean mark) {
    List<Row> listed = twisted();
    String end = faults.contains(BillFault.LF) ? "\n" : "\r\n";
    var text = new StringBuilder(header()).append(end);
    listed.forEach(row -> text.append(line(row)).append(end));
    text.append(SUMMARY).append(end).append(summary(rows)).append(end);
    byte[] content =
        text.toString()
            .getBytes(
                faults.contains(BillFault.GBK_NAME)
                    ? Charset.forName("GBK")
                    : StandardCharsets.UTF_8);
    boolean marked = (mark || faults.contains(BillFault.BOM)) && !faults.contains(BillFault.NO_BOM);
    if (!marked) {
      return content;
    }
    byte[] whole = new byte[content.length + BYTE_ORDER_MARK.length];
    System.arraycopy(BYTE_ORDER_MARK, 0, whole, 0, BYTE_ORDER_MARK.length);
    System.arraycopy(content, 0, whole, BYTE_ORDER_MARK.length, content.length);
    return whole;
  }

  private static boolean within(Instant at, Instant from, Instant to) {
    return !at.isBefore(from) && at.isBefore(to);
  }

  private static Row payment(Order order, Transaction paid) {
    return new Row(
        paid.paid(),
        order,
        paid,
        Optional.empty(),
        "SUCCESS",
        "",
        paid.settlement(),
        0,
        order.sub().fee(paid.settlement()),
        order.total(),
        0,
        order.field("body"));
  }

  private static Row refund(Order order, Refund refund, Instant cut) {
    boolean ended = refund.ended().filter(at -> !at.isAfter(cut)).isPresent();
    String state =
        !ended
            ? "PROCESSING"
            : switch (refund.state()) {
              case SUCCESS -> "SUCCESS";
              case CHANGE -> "CHANGE";
              case REFUNDCLOSE -> "FAIL";
              case PROCESSING -> "PROCESSING";
            };
    return new Row(
        refund.accepted(),
        order,
        refund.transaction(),
        Optional.of(refund),
        "REFUND",
        state,
        0,
        refund.settlementFee(),
        -refund.charge(),
        0,
        refund.fee(),
        order.field("body"));
  }

  private static Row reversal(Order order, Transaction paid, Instant at) {
    return new Row(
        at,
        order,
        paid,
        Optional.empty(),
        "REVOKED",
        "SUCCESS",
        0,
        paid.settlement(),
        -order.sub().fee(paid.settlement()),
        0,
        order.total(),
        order.field("body"));
  }

  /// The lines with what faults do to them; the summary stays that of the right ones.
  private List<Row> twisted() {
    List<Row> listed = new ArrayList<>(rows);
    for (BillFault fault : faults) {
      switch (fault) {
        case MISSING_ROW -> {
          if (!listed.isEmpty()) {
            listed.removeFirst();
          }
        }
        case DUPLICATE -> {
          if (!listed.isEmpty()) {
            listed.add(1, listed.getFirst());
          }
        }
        case EXTRA_ROW, AMOUNT, STATUS, COMMA_IN_NAME, BACKTICK_IN_NAME, NEWLINE_IN_NAME ->
            changed(listed, fault);
        case SUMMARY_WRONG, NO_BILL, LATE, BOM, NO_BOM, CRLF, LF, GBK_NAME -> {}
      }
    }
    return listed;
  }

  private static void changed(List<Row> listed, BillFault fault) {
    if (listed.isEmpty()) {
      return;
    }
    Row first = listed.getFirst();
    switch (fault) {
      case EXTRA_ROW -> listed.add(stranger(first));
      case AMOUNT -> listed.set(0, first.dearer());
      case STATUS ->
          listed.set(
              0, first.isRefund() ? first.with(first.state, "FAIL") : first.with("REVOKED", ""));
      case COMMA_IN_NAME -> listed.set(0, first.called(first.name + ",大杯,少糖"));
      case BACKTICK_IN_NAME -> listed.set(0, first.called("`" + first.name + "`,`x"));
      case NEWLINE_IN_NAME -> listed.set(0, first.called(first.name + "\r\n第二行"));
      default -> throw new IllegalArgumentException(fault + " does not change rows");
    }
  }

  /// A payment that nobody has made.
  private static Row stranger(Row like) {
    var paid =
        new Transaction(
            "4299" + like.paid.id().substring(4),
            like.paid.user(),
            like.paid.openid(),
            like.paid.subOpenid(),
            like.paid.paid(),
            like.paid.bank(),
            like.paid.settlement(),
            like.paid.cash(),
            Optional.empty());
    return payment(like.order, paid);
  }

  private String header() {
    return switch (kind) {
      case ALL -> HEAD + REFUND_COLUMNS + TAIL + REQUESTED + REMARK;
      case SUCCESS -> HEAD + TAIL + REMARK;
      case REFUND, RECHARGE_REFUND ->
          HEAD + REFUND_TIMES + REFUND_COLUMNS + TAIL + REQUESTED + REMARK;
    };
  }

  private String line(Row row) {
    Order order = row.order;
    List<String> values =
        new ArrayList<>(
            List.of(
                Times.refund(row.at),
                order.field("appid"),
                order.merchant().mchId(),
                order.sub().subMchId(),
                order.field("device_info"),
                row.paid.id(),
                order.number(),
                row.paid.openid(),
                order.type().name(),
                row.state,
                row.paid.bank(),
                "CNY",
                yuan(row.settlement),
                row.isRefund() ? yuan(0) : yuan(row.paid.coupon().map(Coupon::fee).orElse(0L))));
    if (kind == Kind.REFUND || kind == Kind.RECHARGE_REFUND) {
      values.add(Times.refund(row.at));
      values.add(row.refund.flatMap(Refund::ended).map(Times::refund).orElse(""));
    }
    if (kind != Kind.SUCCESS) {
      values.add(row.refund.map(Refund::id).orElse("0"));
      values.add(row.refund.map(Refund::number).orElse("0"));
      values.add(yuan(row.refunded));
      values.add(yuan(row.refund.map(Refund::couponFee).filter(_ -> isCash(row)).orElse(0L)));
      values.add(row.isRefund() ? "ORIGINAL" : "");
      values.add(row.refundState);
    }
    values.add(row.name);
    values.add(order.field("attach"));
    values.add(yuan(row.charge).concat("000")); // five decimals
    values.add(percent(order.sub().feeRate()));
    values.add(yuan(row.total));
    if (kind != Kind.SUCCESS) {
      values.add(yuan(row.requested));
    }
    values.add("");
    return joined(values);
  }

  private static boolean isCash(Row row) {
    return row.paid.coupon().filter(Coupon::cash).isPresent();
  }

  private String summary(List<Row> all) {
    int off = faults.contains(BillFault.SUMMARY_WRONG) ? 1 : 0;
    return joined(
        Stream.of(
                Integer.toString(all.size() + off),
                yuan(all.stream().mapToLong(Row::settlement).sum() + off),
                yuan(all.stream().mapToLong(Row::refunded).sum()),
                yuan(
                    all.stream()
                        .filter(row -> row.refund.isPresent() && isCash(row))
                        .mapToLong(row -> row.refund.orElseThrow().couponFee())
                        .sum()),
                yuan(all.stream().mapToLong(Row::charge).sum()).concat("000"),
                yuan(all.stream().mapToLong(Row::total).sum()),
                yuan(all.stream().mapToLong(Row::requested).sum()))
            .toList());
  }

  private static String joined(List<String> values) {
    var line = new StringJoiner(",");
    values.forEach(value -> line.add("`" + value));
    return line.toString();
  }

  private static String yuan(long fen) {
    return BigDecimal.valueOf(fen, 2).toPlainString();
  }

  private static String percent(BigDecimal rate) {
    return rate.movePointRight(2).setScale(2, RoundingMode.HALF_UP).toPlainString() + "%";
  }

  /// By its name on the wire.
  static Optional<Kind> kind(String name) {
    return Stream.of(Kind.values())
        .filter(each -> each.name().toUpperCase(Locale.ROOT).equals(name))
        .findFirst();
  }
}
