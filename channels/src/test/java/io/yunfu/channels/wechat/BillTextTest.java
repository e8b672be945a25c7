package io.yunfu.channels.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.channels.BillLines;
import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bills as section 8.1 of `channels.md` describes them, written by hand.
class BillTextTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);
  private static final Charset GBK = Charset.forName("GBK");

  private static final String HEADER =
      "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
          + "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
  private static final String SUMMARY = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

  private static final String PAYMENT = payment("豆浆");
  private static final String REFUND =
      "`2026-01-01 13:00:00,`wxaa,`1900000001,`1900000101,`,`4200000001,`cp01A,`o1,`JSAPI,`REFUND,`CFT,`CNY,`0.00,`0.00,"
          + "`5000000001,`R1,`0.50,`0.00,`ORIGINAL,`PROCESSING,`豆浆,`,`-0.00300,`0.60%,`0.00,`0.50,`";
  private static final String SUMS = "`2,`1.01,`0.50,`0.00,`0.00306,`1.01,`0.50";

  private static String payment(String name) {
    return "`2026-01-01 12:00:00,`wxaa,`1900000001,`1900000101,`,`4200000001,`cp01A,`o1,`JSAPI,`SUCCESS,`CFT,`CNY,`1.01,`0.00,"
        + "`0,`0,`0.00,`0.00,`,`,`"
        + name
        + ",`a,b,`0.00606,`0.60%,`1.01,`0.00,`";
  }

  @Test
  void a_payment_and_a_refund_are_read_with_all_that_they_say() throws IOException {
    var rows = new ArrayList<BillRow>();
    var statement = read(bill(PAYMENT, REFUND).getBytes(UTF_8), rows);
    assertThat(rows)
        .containsExactly(
            new BillRow(
                BillRow.Kind.PAY,
                "4200000001",
                "cp01A",
                Optional.empty(),
                Optional.empty(),
                Optional.of("1900000101"),
                Optional.of("wxaa"),
                "CNY",
                101,
                101,
                606,
                Instant.parse("2026-01-01T04:00:00Z"),
                "SUCCESS"),
            new BillRow(
                BillRow.Kind.REFUND,
                "4200000001",
                "cp01A",
                Optional.of("5000000001"),
                Optional.of("R1"),
                Optional.of("1900000101"),
                Optional.of("wxaa"),
                "CNY",
                50,
                50,
                300,
                Instant.parse("2026-01-01T05:00:00Z"),
                "PROCESSING"));
    assertThat(statement.sums()).isEqualTo(new Bill.Sums(2, 51, 51, 306));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "豆浆,大杯,少糖",
        "``豆浆`,`x",
        "豆浆\r\n第二行",
        "豆浆\n`2026,`第二行",
        "=HYPERLINK(\"http://127.0.0.1/\")",
        "总交易单数"
      })
  void whatever_the_goods_are_called_the_numbers_are_the_same(String name) throws IOException {
    var plain = new ArrayList<BillRow>();
    read(bill(PAYMENT, REFUND).getBytes(UTF_8), plain);
    var rows = new ArrayList<BillRow>();
    read(bill(payment(name), REFUND).getBytes(UTF_8), rows);
    assertThat(rows).isEqualTo(plain);
  }

  @Test
  void a_mark_line_ends_and_the_encoding_make_no_difference() throws IOException {
    String text = bill(PAYMENT, REFUND);
    var plain = new ArrayList<BillRow>();
    String hash = read(text.getBytes(UTF_8), plain).sha256();
    for (byte[] other :
        List.of(
            ("\uFEFF" + text).getBytes(UTF_8),
            text.replace("\r\n", "\n").getBytes(UTF_8),
            text.substring(0, text.length() - 2).getBytes(UTF_8))) {
      var rows = new ArrayList<BillRow>();
      assertThat(read(other, rows).sha256()).isEqualTo(hash);
      assertThat(rows).isEqualTo(plain);
    }
    var rows = new ArrayList<BillRow>();
    read(text.getBytes(GBK), rows);
    assertThat(rows).isEqualTo(plain);
  }

  @Test
  void the_older_header_has_fewer_columns_and_other_names() throws IOException {
    String text =
        lines(
            "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,代金券或立减优惠金额,"
                + "微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率",
            "`2026-01-01 12:00:00,`wxaa,`1900000001,`1900000101,`,`42,`A,`o,`JSAPI,`SUCCESS,`CFT,`CNY,`1.01,`0.00,"
                + "`0,`0,`0.00,`0.00,`,`,`x,`,`0.00606,`0.60%",
            "`2026-01-01 13:00:00,`wxaa,`1900000001,`1900000101,`,`42,`A,`o,`JSAPI,`REFUND,`CFT,`CNY,`0.00,`0.00,"
                + "`50,`R1,`1.01,`0.00,`ORIGINAL,`SUCCESS,`x,`,`-0.00606,`0.60%",
            "总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额",
            "`2,`1.01,`1.01,`0.00,`0.00000");
    var rows = new ArrayList<BillRow>();
    assertThat(read(text.getBytes(UTF_8), rows).sums()).isEqualTo(new Bill.Sums(2, 0, 0, 0));
    assertThat(rows).extracting(BillRow::amount).containsExactly(101L, 101L);
    assertThat(rows).extracting(BillRow::subMerchant).containsOnly(Optional.of("1900000101"));
  }

  @Test
  void columns_in_another_order_are_found_by_their_names() throws IOException {
    String text =
        lines(
            "商户号,交易时间,公众账号ID,特约商户号,微信订单号,商户订单号,交易状态,货币种类,应结订单金额,微信退款单号,商户退款单号,退款金额,退款状态,"
                + "手续费,订单金额,申请退款金额",
            "`1900000001,`2026-01-01 12:00:00,`wxaa,`1900000101,`42,`A,`SUCCESS,`CNY,`1.00,`0,`0,`0.00,`,"
                + "`0.01000,`1.01,`0.00",
            "总交易单数,手续费总金额,应结订单总金额,退款总金额,订单总金额",
            "`1,`0.01000,`1.00,`0.00,`1.01");
    var rows = new ArrayList<BillRow>();
    read(text.getBytes(UTF_8), rows);
    assertThat(rows.getFirst().amount()).isEqualTo(101);
    assertThat(rows.getFirst().settlement()).isEqualTo(100);
  }

  @Test
  void a_day_on_which_nothing_happened_is_a_bill_too() throws IOException {
    String text = lines(HEADER, SUMMARY, "`0,`0.00,`0.00,`0.00,`0.00000,`0.00,`0.00");
    assertThat(read(text.getBytes(UTF_8), new ArrayList<>()).sums())
        .isEqualTo(new Bill.Sums(0, 0, 0, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "`2,`1.01 | `3,`1.01 | counts 3 lines",
        "`2,`1.01,`0.50 | `2,`1.02,`0.50 | 应结订单总金额 is not the sum",
        "`1.01,`0.50,`0.00,`0.00306 | `1.01,`0.51,`0.00,`0.00306 | 退款总金额 is not the sum",
        "`0.00306,`1.01,`0.50 | `0.00307,`1.01,`0.50 | 手续费总金额 is not the sum",
        "`0.00306,`1.01,`0.50 | `0.00306,`1.00,`0.50 | 订单总金额 is not the sum",
        "`0.00306,`1.01,`0.50 | `0.00306,`1.01,`0.49 | 申请退款总金额 is not the sum",
        "`0.00306,`1.01,`0.50 | `0.00306,`1.01 | do not fit their header",
        "`SUCCESS | `PAID | 交易状态 is none",
        "`1900000001 | `1900000002 | 商户号 is not ours",
        "2026-01-01 12:00:00 | 2026-01-03 12:00:00 | another day",
        "2026-01-01 12:00:00 | 2026-01-01T12:00:00 | not a time",
        "`0.00606 | `0.006061 | not an amount",
        "`0.00606 | `6e-3 | not an amount",
        "`2026-01-01 13 | 2026-01-01 13 | backtick",
        "商户号, | 某户号, | 商户号 is missing",
        "商品名称,商户数据包,手续费 | 商品名称,手续费,商户数据包 | side by side",
        "公众账号ID | 商户号 | stands twice",
        "总交易单数 | 总单数 | does not begin with a backtick",
      })
  void what_does_not_add_up_or_is_another_s_is_refused_as_a_whole(
      String from, String to, String why) {
    String text = bill(PAYMENT, REFUND);
    assertThat(text).contains(from);
    refused(text.replaceFirst(Pattern.quote(from), to), why);
  }

  @Test
  void a_bill_that_is_cut_is_none() {
    String text = bill(PAYMENT, REFUND);
    for (int end = 0; end < text.length() - SUMS.length() - 2; end += 7) {
      String cut = text.substring(0, end);
      assertThatThrownBy(() -> read(cut.getBytes(UTF_8), new ArrayList<>()))
          .isInstanceOf(Unreadable.class);
    }
    refused(text + "`2,`1.01\r\n", "goes on after its sums");
  }

  @Test
  void a_line_without_an_end_is_not_kept_in_memory() {
    refused(HEADER + "\r\n`" + "x".repeat(BillLines.LONGEST), "a line is too long");
    refused(HEADER + "\r\n`x" + "\r\n".repeat(BillLines.LONGEST), "a line lacks columns");
  }

  private static void refused(String text, String why) {
    assertThatThrownBy(() -> read(text.getBytes(UTF_8), new ArrayList<>()))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining(why);
  }

  private static String bill(String... rows) {
    return lines(HEADER, lines(rows).strip(), SUMMARY, SUMS);
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  private static Bill.Statement read(byte[] bytes, List<BillRow> rows) throws IOException {
    return BillText.read(new ByteArrayInputStream(bytes), "1900000001", DAY, rows::add);
  }
}
