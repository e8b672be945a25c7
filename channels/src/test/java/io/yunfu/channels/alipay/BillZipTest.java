package io.yunfu.channels.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bills as section 8.2 of `channels.md` describes them, written by hand; and ZIPs that nobody
/// should open (S22).
class BillZipTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);
  private static final Charset GBK = Charset.forName("GBK");
  private static final Optional<String> SELLER = Optional.of("2088000000000101");
  private static final String NAME = "20880000000001010156_20260101_业务明细";

  private static final String FRAME =
      lines(
          "#支付宝业务明细查询",
          "#账号：[20880000000001010156]",
          "#起始日期：[2026年01月01日 00:00:00]   终止日期：[2026年01月02日 00:00:00]",
          "#-----业务明细列表-----");
  private static final String HEADER =
      lines(
          "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
              + "订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,"
              + "券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注");
  private static final String END = lines("#-----业务明细列表结束-----", "#交易合计：1笔，商家实收共25.00元");
  private static final String SUMMARY =
      FRAME
          + lines(
              "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,"
                  + "卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）",
              "sz1\t,\t,1,1,20.00,19.10,0.00,0.90,0.00,-0.12,0.00,18.98",
              "合计\t,\t,1,1,20.00,19.10,0.00,0.90,0.00,-0.12,0.00,18.98",
              "#-----业务汇总列表结束-----");
  private static final String REFUND = refund("-5.90", "-5.90", "0.03");

  private static String payment(String name) {
    return lines(
        "2026010122001\t,A1\t,交易\t,"
            + name
            + "\t,2026-01-01 11:59:00,2026-01-01 12:00:00,sz1\t,\t,\t,\t,138****\t,"
            + "25.90,25.00,0.00,0.00,0.00,0.90,0.90,\t,0.00,0.00,\t,-0.15,0.00,\t");
  }

  private static String refund(String amount, String received, String fee) {
    return lines(
        "2026010122001\t,A1\t,退款\t,豆浆\t,2026-01-01 11:59:00,2026-01-01 13:00:00,sz1\t,\t,\t,\t,138****\t,"
            + amount
            + ","
            + received
            + ",0.00,0.00,0.00,0.00,0.00,\t,0.00,0.00,R1\t,"
            + fee
            + ",0.00,凉了\t");
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  @Test
  void a_payment_and_a_refund_are_read_with_all_that_they_say() throws IOException {
    var rows = new ArrayList<BillRow>();
    var statement = read(bill(payment("豆浆") + REFUND), rows);
    assertThat(rows)
        .containsExactly(
            new BillRow(
                BillRow.Kind.PAY,
                "2026010122001",
                "A1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "CNY",
                2590,
                2500,
                15_000,
                Instant.parse("2026-01-01T04:00:00Z"),
                "SUCCESS"),
            new BillRow(
                BillRow.Kind.REFUND,
                "2026010122001",
                "A1",
                Optional.empty(),
                Optional.of("R1"),
                Optional.empty(),
                Optional.empty(),
                "CNY",
                590,
                590,
                3_000,
                Instant.parse("2026-01-01T05:00:00Z"),
                "SUCCESS"));
    assertThat(statement.sums()).isEqualTo(new Bill.Sums(2, 2000, 1910, 12_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"豆浆,大杯", "豆浆`,`x", "豆浆\n换行", ",,,\r\n,", "=1+1", "@SUM(A1)"})
  void whatever_the_goods_are_called_the_numbers_are_the_same(String name) throws IOException {
    var plain = new ArrayList<BillRow>();
    read(bill(payment("豆浆") + REFUND), plain);
    var rows = new ArrayList<BillRow>();
    read(bill(payment(name) + REFUND), rows);
    assertThat(rows).isEqualTo(plain);
  }

  @Test
  void the_reason_of_a_refund_may_have_commas_too() throws IOException {
    var plain = new ArrayList<BillRow>();
    read(bill(payment("豆浆") + REFUND), plain);
    for (String name : List.of("豆浆", "豆浆,大杯")) {
      var rows = new ArrayList<BillRow>();
      String refund = REFUND.replace("凉了", "凉了,少糖").replace("豆浆", name);
      read(bill(payment(name) + refund), rows);
      assertThat(rows).isEqualTo(plain);
    }
  }

  @Test
  void a_refund_may_stand_above_zero_too() throws IOException {
    var plain = new ArrayList<BillRow>();
    read(bill(payment("豆浆") + REFUND), plain);
    var rows = new ArrayList<BillRow>();
    read(bill(payment("豆浆") + refund("5.90", "5.90", "0.03")), rows);
    assertThat(rows).isEqualTo(plain);
  }

  @Test
  void the_names_of_the_files_their_order_and_their_frame_make_no_difference() throws IOException {
    var plain = new ArrayList<BillRow>();
    String details = details(payment("豆浆") + REFUND);
    String hash = read(bill(payment("豆浆") + REFUND), plain).sha256();
    var others =
        List.of(
            zip(GBK, NAME + "(汇总).csv", SUMMARY, NAME + ".csv", details),
            zip(UTF_8, NAME + ".csv", details, NAME + "(汇总).csv", SUMMARY),
            zip(GBK, "../../evil.csv", details, "/etc/passwd", SUMMARY),
            zip(GBK, "a/", "", "a", details, "b", SUMMARY),
            zip(GBK, "a", details.replace("\r\n", "\n"), "b", SUMMARY.replace("\r\n", "\n")),
            zip(GBK, "a", details.replace("结束-----", "结束-----\r\n#导出时间：[1]"), "b", SUMMARY));
    for (byte[] other : others) {
      var rows = new ArrayList<BillRow>();
      assertThat(read(other, rows).sha256()).isEqualTo(hash);
      assertThat(rows).isEqualTo(plain);
    }
    assertThat(Files.exists(Path.of("../../evil.csv"))).isFalse();
  }

  @Test
  void another_line_is_another_bill() throws IOException {
    var one = read(bill(payment("豆浆") + REFUND), new ArrayList<>());
    var other = read(bill(payment("豆花") + REFUND), new ArrayList<>());
    assertThat(other.sha256()).isNotEqualTo(one.sha256());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "合计\t,\t,1,1 | 合计\t,\t,2,1 | 交易订单总笔数 is not the sum",
        "合计\t,\t,1,1 | 合计\t,\t,1,0 | 退款订单总笔数 is not the sum",
        "合计\t,\t,1,1,20.00 | 合计\t,\t,1,1,20.01 | 订单金额（元） is not the sum",
        "合计\t,\t,1,1,20.00,19.10 | 合计\t,\t,1,1,20.00,19.11 | 商家实收（元） is not the sum",
        "合计\t,\t,1,1,20.00,19.10,0.00,0.90,0.00,-0.12 | 合计\t,\t,1,1,20.00,19.10,0.00,0.90,0.00,-0.13 | 服务费（元） is not the sum",
        "合计 | 小计 | no sums",
        ",交易\t | ,转账\t | 业务类型 is none",
        "2026-01-01 12:00:00 | 2026-02-01 12:00:00 | another day",
        "[2026年01月01日 | [2026年01月02日 | another day",
        "账号：[2088000000000101 | 账号：[2088000000000102 | 账号 is not ours",
        ",25.90, | ,25.901, | not an amount",
        "支付宝交易号,商户订单号 | 支付宝交易号,订单号 | 商户订单号 is missing",
        "#-----业务明细列表结束----- | #x | goes on",
      })
  void what_does_not_add_up_or_is_another_s_is_refused_as_a_whole(
      String from, String to, String why) throws IOException {
    String details = details(payment("豆浆") + REFUND) + (why.equals("goes on") ? "x\r\n" : "");
    assertThat(details + SUMMARY).contains(from);
    refused(zip(GBK, "a", details.replace(from, to), "b", SUMMARY.replace(from, to)), why);
  }

  @Test
  void without_its_lines_or_its_sums_it_is_no_bill() throws IOException {
    String details = details(payment("豆浆") + REFUND);
    refused(zip(GBK, "a", details), "lacks its lines or its sums");
    refused(zip(GBK, "b", SUMMARY), "lacks its lines or its sums");
    refused(zip(GBK, "a", details, "b", details), "its lines twice");
    refused(zip(GBK, "a", SUMMARY, "b", SUMMARY), "its sums twice");
    refused(zip(GBK, "a", details, "b", SUMMARY, "c", "x,y\r\n"), "of another kind");
    refused(zip(GBK, "a", details.replace(END, ""), "b", SUMMARY), "ends without its end");
    refused(zip(GBK), "lacks its lines or its sums");
    refused("not a ZIP".getBytes(UTF_8), "lacks its lines or its sums");
  }

  @Test
  void a_zip_that_is_cut_is_none() throws IOException {
    byte[] zip = bill(payment("豆浆") + REFUND);
    for (int end = 1; end < zip.length / 2; end += 13) {
      byte[] cut = Arrays.copyOf(zip, end);
      assertThatThrownBy(() -> read(cut, new ArrayList<>()))
          .isInstanceOfAny(Unreadable.class, IOException.class);
    }
  }

  @Test
  void a_bomb_is_refused_before_it_is_unpacked() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes, GBK)) {
      zip.putNextEntry(new ZipEntry("bomb.csv"));
      byte[] block = "#\n".repeat(512 * 1024).getBytes(UTF_8);
      for (int i = 0; i < 64; i++) { // 64 MiB of nothing
        zip.write(block);
      }
      zip.closeEntry();
    }
    assertThat(bytes.size()).isLessThan(200_000);
    refused(bytes.toByteArray(), "unpacks to more than a bill has");
  }

  @Test
  void many_files_are_refused() throws IOException {
    String[] files = new String[40];
    for (int i = 0; i < files.length; i++) {
      files[i] = i % 2 == 0 ? i + "/" : "";
    }
    refused(zip(GBK, files), "too many files");
  }

  private static void refused(byte[] zip, String why) {
    assertThatThrownBy(() -> read(zip, new ArrayList<>()))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining(why);
  }

  private static String details(String lines) {
    return FRAME + HEADER + lines + END;
  }

  private static byte[] bill(String lines) throws IOException {
    return zip(GBK, NAME + ".csv", details(lines), NAME + "(汇总).csv", SUMMARY);
  }

  /// @param files name and text, in turn
  private static byte[] zip(Charset names, String... files) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes, names)) {
      for (int i = 0; i < files.length; i += 2) {
        zip.putNextEntry(new ZipEntry(files[i]));
        zip.write(files[i + 1].getBytes(GBK));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static Bill.Statement read(byte[] zip, List<BillRow> rows) throws IOException {
    return BillZip.read(new ByteArrayInputStream(zip), zip.length, SELLER, DAY, rows::add);
  }
}
