package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.AdminClient;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// channels.md, sections 2.12 and 8.1.
class BillTest extends SandboxTest {
  private static final String NUMBER = "cp0120260101000000000000000001";
  private static final String DAY = "20260101";

  @Test
  void a_day_has_its_payments_and_refunds_and_their_sums() {
    day();
    Bill bill = Bill.of(download("ALL"));
    assertThat(bill.header()).hasSize(27).startsWith("交易时间", "公众账号ID", "商户号", "特约商户号");
    assertThat(bill.rows).hasSize(3);
    Map<String, String> payment = bill.rows.get(0);
    assertThat(payment)
        .containsEntry("交易时间", "2026-01-01 12:00:00")
        .containsEntry("公众账号ID", Provider.APP)
        .containsEntry("商户号", Provider.MCH)
        .containsEntry("特约商户号", Provider.SUB)
        .containsEntry("商户订单号", NUMBER)
        .containsEntry("交易类型", "JSAPI")
        .containsEntry("交易状态", "SUCCESS")
        .containsEntry("货币种类", "CNY")
        .containsEntry("应结订单金额", "101.00")
        .containsEntry("订单金额", "101.00")
        .containsEntry("微信退款单号", "0")
        .containsEntry("商户退款单号", "0")
        .containsEntry("退款金额", "0.00")
        .containsEntry("商品名称", "测试门店-豆浆")
        .containsEntry("手续费", "0.61000")
        .containsEntry("费率", "0.60%");
    assertThat(payment.get("微信订单号")).isEqualTo(provider.query(NUMBER).get("transaction_id"));
    Map<String, String> refund = bill.rows.get(2);
    assertThat(refund)
        .containsEntry("交易时间", "2026-01-01 13:00:00")
        .containsEntry("交易状态", "REFUND")
        .containsEntry("应结订单金额", "0.00")
        .containsEntry("商户退款单号", "refund1")
        .containsEntry("退款金额", "51.00")
        .containsEntry("申请退款金额", "51.00")
        .containsEntry("退款类型", "ORIGINAL")
        .containsEntry("退款状态", "SUCCESS")
        .containsEntry("订单金额", "0.00");
    assertThat(bill.summary)
        .containsEntry("总交易单数", "3")
        .containsEntry("应结订单总金额", "103.00")
        .containsEntry("退款总金额", "51.00")
        .containsEntry("订单总金额", "103.00")
        .containsEntry("申请退款总金额", "51.00")
        .containsEntry("手续费总金额", bill.sum("手续费").toPlainString());
  }

  @Test
  void each_kind_has_its_rows() {
    day();
    assertThat(Bill.of(download("SUCCESS")).rows)
        .hasSize(2)
        .allMatch(row -> row.get("交易状态").equals("SUCCESS") && !row.containsKey("退款状态"));
    assertThat(Bill.of(download("REFUND")).rows)
        .hasSize(1)
        .allMatch(row ->
            row.get("交易状态").equals("REFUND") && row.get("退款成功时间").equals("2026-01-01 13:00:03"));
  }

  @Test
  void the_bill_of_a_sub_merchant_is_a_part_of_the_whole() {
    day();
    Map<String, String> fields = fields("ALL");
    fields.put("sub_mch_id", Provider.SUB);
    assertThat(Bill.of(text(send(fields))).rows).hasSize(2);
    fields.put("sub_mch_id", "1900000201");
    assertThat(text(send(fields))).contains("20001", "受理关系").startsWith("<");
  }

  @Test
  void a_packed_bill_is_the_same_bill() throws Exception {
    day();
    Map<String, String> fields = fields("ALL");
    fields.put("tar_type", "GZIP");
    byte[] packed = send(fields).body();
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      assertThat(new String(gzip.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(download("ALL"));
    }
  }

  @Test
  void lines_end_and_begin_as_documented() {
    day();
    String text = download("ALL");
    assertThat(text).startsWith("\ufeff交易时间,").endsWith("\r\n");
    assertThat(text.replace("\r\n", "")).doesNotContain("\n").doesNotContain("\r");
  }

  @Test
  void a_refund_stands_as_it_was_at_the_cut() {
    new AdminClient(sandbox)
        .post("/_sim/settings", "{'wechat': {'refund_after_ms': 172800000}}"); // two days
    provider.paid(provider.order(NUMBER));
    provider.refund(NUMBER, "refund1", 101, 101);
    advance(Duration.ofDays(1));
    assertThat(Bill.of(download("REFUND")).rows.getFirst()).containsEntry("退款状态", "PROCESSING");
    advance(Duration.ofDays(2));
    assertThat(provider.refundQuery("out_refund_no", "refund1"))
        .containsEntry("refund_status_0", "SUCCESS");
    assertThat(Bill.of(download("REFUND")).rows.getFirst()).containsEntry("退款状态", "PROCESSING");
  }

  @Test
  void what_happens_at_midnight_in_beijing_belongs_to_the_new_day() {
    advance(Duration.ofHours(12).minusMillis(1));
    provider.paid(provider.order(NUMBER));
    advance(Duration.ofMillis(1));
    provider.paid(provider.order(NUMBER + "x"));
    advance(Duration.ofDays(2));
    assertThat(Bill.of(download("ALL")).rows)
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("商户订单号", NUMBER));
  }

  @Test
  void unpaid_orders_are_in_no_bill() {
    day();
    provider.prepay(provider.order("unpaid-order"));
    assertThat(download("ALL")).doesNotContain("unpaid-order");
  }

  @ParameterizedTest
  @CsvSource({
    "bill_date, 20260102, 20001",
    "bill_date, 20260103, 20001",
    "bill_date, 2026-01-01, 20001",
    "bill_date, '', 20001",
    "bill_type, EVERYTHING, 20001",
    "tar_type, ZIP, 20001",
    "bill_date, 20251231, 20002",
    "bill_date, 20250901, 20002"
  })
  void there_is_no_bill_for_everything(String field, String value, String code) {
    day();
    Map<String, String> fields = fields("ALL");
    fields.put(field, value);
    Map<String, String> answer = Provider.parse(text(send(fields)));
    assertThat(answer).containsEntry("return_code", "FAIL").containsEntry("error_code", code);
    assertThat(answer.get("return_msg")).isNotEmpty();
  }

  @Test
  void before_nine_the_bill_is_not_there_yet() {
    provider.paid(provider.order(NUMBER));
    advance(Duration.ofHours(21).minusSeconds(1)); // 08:59:59
    assertThat(download("ALL")).contains("20003").startsWith("<");
    advance(Duration.ofSeconds(1));
    assertThat(Bill.of(download("ALL")).rows).hasSize(1);
  }

  @Test
  void an_empty_day_is_an_error_or_an_empty_bill() {
    advance(Duration.ofDays(1));
    assertThat(download("ALL")).contains("20002");
    new AdminClient(sandbox).post("/_sim/settings", "{'wechat': {'empty_bill': true}}");
    Bill bill = Bill.of(download("ALL"));
    assertThat(bill.rows).isEmpty();
    assertThat(bill.summary).containsEntry("总交易单数", "0").containsEntry("订单总金额", "0.00");
  }

  @Test
  void a_wrong_signature_gets_no_bill() {
    day();
    Map<String, String> fields = provider.signed(fields("ALL"));
    fields.put("bill_date", "20251231");
    String answer = text(provider.send("/pay/downloadbill", Provider.xml(fields)));
    assertThat(Provider.parse(answer))
        .containsEntry("return_msg", "签名错误")
        .containsEntry("error_code", "20001");
  }

  @Test
  void a_reversed_payment_stands_twice() {
    String code =
        new AdminClient(sandbox)
            .post("/_sim/code", "{'user': 'alice'}")
            .get("auth_code")
            .asString();
    Map<String, String> fields = provider.common();
    fields.put("body", "豆浆");
    fields.put("out_trade_no", NUMBER);
    fields.put("total_fee", "101");
    fields.put("spbill_create_ip", "127.0.0.1");
    fields.put("auth_code", code);
    provider.call("/pay/micropay", fields);
    advance(Duration.ofMinutes(1));
    Map<String, String> reverse = provider.common();
    reverse.put("out_trade_no", NUMBER);
    provider.secured("/secapi/pay/reverse", reverse);
    advance(Duration.ofDays(1));
    assertThat(Bill.of(download("ALL")).rows)
        .extracting(row -> row.get("交易状态"))
        .containsExactly("SUCCESS", "REVOKED");
  }

  @ParameterizedTest
  @CsvSource({
    "missing_row, 2, 3",
    "extra_row, 4, 3",
    "duplicate, 4, 3",
    "summary_wrong, 3, 4",
  })
  void a_bill_may_not_add_up(String fault, int rows, String count) {
    day();
    fault(fault);
    Bill bill = Bill.of(download("ALL"));
    assertThat(bill.rows).hasSize(rows);
    assertThat(bill.summary).containsEntry("总交易单数", count);
  }

  @Test
  void a_bill_may_differ_in_amount_or_status() {
    day();
    fault("amount");
    assertThat(Bill.of(download("ALL")).rows.getFirst()).containsEntry("订单金额", "101.01");
    fault("status");
    assertThat(Bill.of(download("ALL")).rows.getFirst()).containsEntry("交易状态", "REVOKED");
  }

  @ParameterizedTest
  @CsvSource({"no_bill, 20002", "late, 20003"})
  void a_bill_may_not_be_there(String fault, String code) {
    day();
    fault(fault);
    assertThat(download("ALL")).contains(code);
    assertThat(Bill.of(download("ALL")).rows).hasSize(3); // once
  }

  @Test
  void names_may_hold_what_bills_are_made_of() {
    day();
    fault("comma_in_name");
    assertThat(Bill.of(download("ALL")).rows.getFirst()).containsEntry("商品名称", "测试门店-豆浆,大杯,少糖");
    fault("backtick_in_name");
    assertThat(download("ALL")).contains(",``测试门店-豆浆`,`x,`");
    fault("newline_in_name");
    assertThat(download("ALL")).contains("`测试门店-豆浆\r\n第二行,`");
  }

  @Test
  void a_bill_may_come_in_other_encodings() {
    day();
    fault("no_bom");
    assertThat(download("ALL")).startsWith("交易时间");
    fault("lf");
    assertThat(download("ALL")).doesNotContain("\r");
    fault("gbk_name");
    assertThat(new String(send(fields("ALL")).body(), Charset.forName("GBK"))).contains("豆浆");
    new AdminClient(sandbox).post("/_sim/settings", "{'wechat': {'bill_mark': false}}");
    fault("bom");
    assertThat(download("ALL")).startsWith("\ufeff");
  }

  @Test
  void a_preview_shows_the_day_so_far() {
    provider.paid(provider.order(NUMBER));
    var preview = new AdminClient(sandbox).page("/_sim/bill/wechat/2026-01-01");
    assertThat(preview.statusCode()).isEqualTo(200);
    assertThat(preview.body()).contains(NUMBER);
  }

  /// Two payments, one of them of another sub-merchant, and a refund; then it is the next noon.
  private void day() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("total_fee", "10100");
    provider.paid(order);
    Map<String, String> other = provider.order(NUMBER + "x");
    other.put("sub_mch_id", "1900000102");
    other.put("sub_appid", "wx00000000000000cc");
    var people = sandbox.people();
    other.put(
        "sub_openid", people.openid(people.named("alice").orElseThrow(), "wx00000000000000cc"));
    other.put("total_fee", "200");
    provider.paid(other);
    advance(Duration.ofHours(1));
    provider.refund(NUMBER, "refund1", 10100, 5100);
    advance(Duration.ofHours(23));
  }

  private void fault(String name) {
    sandbox.faults().add("{'times': 1, 'effect': {'kind': 'bill', 'fault': '" + name + "'}}");
  }

  private String download(String kind) {
    return text(send(fields(kind)));
  }

  private Map<String, String> fields(String kind) {
    Map<String, String> fields = provider.common();
    fields.remove("sub_mch_id");
    fields.remove("sub_appid");
    fields.put("bill_date", DAY);
    fields.put("bill_type", kind);
    return fields;
  }

  private HttpResponse<byte[]> send(Map<String, String> fields) {
    return provider.send("/pay/downloadbill", Provider.xml(provider.signed(fields)));
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /// Reads a bill as section 8.1 says: by header name, split at comma and backtick.
  private record Bill(List<Map<String, String>> rows, Map<String, String> summary) {
    static Bill of(String text) {
      List<String> lines =
          Arrays.stream(text.replace("\ufeff", "").split("\r?\n", -1))
              .filter(line -> !line.isEmpty())
              .toList();
      List<String> header = List.of(lines.getFirst().split(",", -1));
      List<Map<String, String>> rows = new ArrayList<>();
      for (String line : lines.subList(1, lines.size() - 2)) {
        rows.add(row(header, line));
      }
      List<String> totals = List.of(lines.get(lines.size() - 2).split(",", -1));
      return new Bill(rows, row(totals, lines.getLast()));
    }

    private static Map<String, String> row(List<String> header, String line) {
      assertThat(line).startsWith("`");
      List<String> values = List.of(line.substring(1).split(",`", -1));
      assertThat(values).hasSameSizeAs(header);
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < header.size(); i++) {
        row.put(header.get(i), values.get(i));
      }
      return row;
    }

    List<String> header() {
      return List.copyOf(rows.getFirst().keySet());
    }

    BigDecimal sum(String column) {
      return rows.stream()
          .map(row -> new BigDecimal(row.get(column)))
          .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
  }
}
