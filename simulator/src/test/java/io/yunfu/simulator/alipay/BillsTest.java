package io.yunfu.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Payment.Action;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Bills: channels.md, sections 4.11 and 8.2. They are read here as a merchant would.
class BillsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T04:00:00Z");
  private static final Charset GBK = Charset.forName("GBK");
  private static final String METHOD = "alipay.data.dataservice.bill.downloadurl.query";
  private static final String DAY = "{'bill_type':'trade','bill_date':'2026-01-01'}";

  private static Sandbox sandbox;
  private static Shop shop;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.DEFAULT.withManualClock(NOON));
    shop = Shop.of(sandbox);
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @BeforeEach
  void begin() {
    sandbox.reset();
  }

  @Test
  void a_bill_lists_the_payments_and_refunds_of_its_day_and_adds_up() {
    pay(create("cp01", "10.00"));
    refund("cp01", "r1", "3.00");
    String coupon = create("cp02", "10.00");
    var _ = sandbox.pay("alipay", coupon, "alice", new Action.Coupon(Money.cny(200), false));
    create("unpaid", "1.00");
    nextMorning();
    Map<String, String> files = files(download(DAY));
    assertThat(files.keySet())
        .containsExactly(
            "20880000000001010156_20260101_业务明细.csv", "20880000000001010156_20260101_业务明细(汇总).csv");
    String details = files.values().iterator().next();
    assertThat(details)
        .startsWith(
            "#支付宝业务明细查询\r\n#账号：[20880000000001010156]\r\n#起始日期：[2026年01月01日 00:00:00]   终止日期：[2026年01月02日 00:00:00]\r\n");
    List<Map<String, String>> rows = rows(details);
    assertThat(rows).extracting(row -> row.get("商户订单号")).containsExactly("cp01", "cp01", "cp02");
    assertThat(rows.get(0))
        .containsEntry("业务类型", "交易")
        .containsEntry("商品名称", "豆浆 一份")
        .containsEntry("完成时间", "2026-01-01 12:00:00")
        .containsEntry("对方账户", "ali***@example.test")
        .containsEntry("订单金额（元）", "10.00")
        .containsEntry("商家实收（元）", "10.00")
        .containsEntry("服务费（元）", "-0.06")
        .containsEntry("退款批次号/请求号", "");
    assertThat(rows.get(1))
        .containsEntry("业务类型", "退款")
        .containsEntry("支付宝交易号", rows.get(0).get("支付宝交易号"))
        .containsEntry("订单金额（元）", "-3.00")
        .containsEntry("退款批次号/请求号", "r1")
        .containsEntry("服务费（元）", "0.02");
    assertThat(rows.get(2))
        .containsEntry("订单金额（元）", "10.00")
        .containsEntry("商家实收（元）", "8.00")
        .containsEntry("商家优惠（元）", "2.00");
    Map<String, String> total = rows(new ArrayList<>(files.values()).get(1)).getLast();
    assertThat(total)
        .containsEntry("门店编号", "合计")
        .containsEntry("交易订单总笔数", "2")
        .containsEntry("退款订单总笔数", "1")
        .containsEntry("订单金额（元）", "17.00")
        .containsEntry("商家实收（元）", "15.00");
    assertThat(sum(rows, "商家实收（元）").add(sum(rows, "服务费（元）")))
        .as("what the merchant has more")
        .isEqualByComparingTo(total.get("实收净额（元）"))
        .isEqualByComparingTo(
            BigDecimal.valueOf(
                sandbox.ledger().change("merchant/alipay/" + Shop.SELLER_101).cents(), 2));
  }

  @Test
  void a_row_has_as_many_cells_as_the_header_and_texts_end_with_a_tab() {
    pay(create("cp01", "10.00"));
    nextMorning();
    String details = files(download(DAY)).values().iterator().next();
    List<String> lines = details.lines().filter(line -> !line.startsWith("#")).toList();
    assertThat(lines.get(0).split(",", -1)).hasSize(25);
    assertThat(lines.get(1).split(",", -1)).hasSize(25);
    assertThat(lines.get(1)).contains("cp01\t,").contains("\t,交易\t,");
  }

  @Test
  void names_in_the_zip_are_gbk_without_the_flag_of_utf_8() {
    pay(create("cp01", "10.00"));
    nextMorning();
    byte[] zip = download(DAY);
    assertThat(zip[7] & 0x08).as("bit 11 of the flags").isZero();
  }

  @Test
  void each_seller_gets_its_own() {
    pay(create("cp01", "10.00"));
    Shop other = new Shop(sandbox, Shop.APP, Shop.TOKEN_102);
    nextMorning();
    JsonNode node = other.call(METHOD, DAY);
    assertThat(node.path("bill_file_code").asString()).isEqualTo("EMPTY_DATA_WITH_BILL_FILE");
    String details = files(fetch(node)).values().iterator().next();
    assertThat(rows(details)).isEmpty();
  }

  @Test
  void a_bill_is_there_from_nine_the_next_morning_and_not_before() {
    pay(create("cp01", "10.00"));
    assertThat(shop.call(METHOD, DAY).path("sub_code").asString())
        .as("today")
        .isEqualTo("INVAILID_ARGUMENTS");
    sandbox.clock().advance(Duration.ofHours(21).minusSeconds(1));
    JsonNode early = shop.call(METHOD, DAY);
    assertThat(early.path("code").asString()).isEqualTo("40004");
    assertThat(early.path("sub_code").asString()).isEqualTo("isp.bill_not_exist");
    sandbox.clock().advance(Duration.ofSeconds(1));
    assertThat(shop.call(METHOD, DAY).path("code").asString()).isEqualTo("10000");
  }

  @ParameterizedTest
  @CsvSource({
    "trade,2026-1-1",
    "trade,20260101",
    "trade,2026-02-30",
    "trade,2027-01-01",
    "trade,2026-01",
    "something,2026-01-01",
    "'',2026-01-01",
    "trade,''",
  })
  void arguments_that_make_no_sense_are_refused_in_the_channels_spelling(String type, String day) {
    nextMorning();
    JsonNode node = shop.call(METHOD, "{'bill_type':'%s','bill_date':'%s'}".formatted(type, day));
    assertThat(node.path("sub_code").asString()).isEqualTo("INVAILID_ARGUMENTS");
  }

  @Test
  void a_month_is_one_bill() {
    pay(create("cp01", "10.00"));
    sandbox.clock().advance(Duration.ofDays(3));
    pay(create("cp02", "10.00"));
    sandbox.clock().advance(Duration.ofDays(30));
    byte[] zip = download("{'bill_type':'trade','bill_date':'2026-01'}");
    Map<String, String> files = files(zip);
    assertThat(files.keySet().iterator().next()).contains("_202601_");
    assertThat(rows(files.values().iterator().next()))
        .extracting(row -> row.get("商户订单号"))
        .containsExactly("cp01", "cp02");
  }

  @Test
  void midnight_in_beijing_parts_the_days() {
    sandbox.clock().advance(Duration.ofHours(12).minusSeconds(1));
    pay(create("before", "1.00"));
    sandbox.clock().advance(Duration.ofSeconds(1));
    pay(create("after", "1.00"));
    sandbox.clock().advance(Duration.ofDays(2));
    assertThat(rows(files(download(DAY)).values().iterator().next()))
        .extracting(row -> row.get("商户订单号"))
        .containsExactly("before");
  }

  @Test
  void a_link_is_good_for_half_a_minute() {
    pay(create("cp01", "10.00"));
    nextMorning();
    JsonNode node = shop.call(METHOD, DAY);
    assertThat(node.path("bill_download_url").asString())
        .matches("http://127.0.0.1:[0-9]+/bill/[0-9A-Za-z]{40}\\.zip");
    sandbox.clock().advance(Duration.ofSeconds(29));
    assertThat(get(node).statusCode()).isEqualTo(200);
    sandbox.clock().advance(Duration.ofSeconds(1));
    assertThat(get(node).statusCode()).isEqualTo(403);
  }

  @Test
  void the_bill_of_the_account_tells_each_movement_with_what_was_left() {
    pay(create("cp01", "10.00"));
    refund("cp01", "r1", "10.00");
    nextMorning();
    byte[] zip = download("{'bill_type':'signcustomer','bill_date':'2026-01-01'}");
    List<Map<String, String>> rows = rows(files(zip).values().iterator().next());
    assertThat(rows).extracting(row -> row.get("业务类型")).containsExactly("在线支付", "收费", "交易退款", "退费");
    assertThat(rows)
        .extracting(row -> row.get("账户余额（元）"))
        .containsExactly("100010.00", "100009.94", "99999.94", "100000.00");
  }

  // --- faults ---

  @ParameterizedTest
  @CsvSource({
    "missing_row,'cp02',10.00",
    "duplicate,'cp01 cp01 cp02',30.00",
    "extra_row,'cp01 cp02 nobody_knows_this',21.23",
    "amount,'cp01 cp02',20.01",
    "status,'cp01 cp02',0.00",
    "summary_wrong,'cp01 cp02',20.01",
  })
  void a_wrong_bill_adds_up_unless_its_sums_are_what_is_wrong(
      String fault, String numbers, String total) {
    pay(create("cp01", "10.00"));
    pay(create("cp02", "10.00"));
    nextMorning();
    fault(fault);
    Map<String, String> files = files(download(DAY));
    List<Map<String, String>> rows = rows(files.values().iterator().next());
    assertThat(String.join(" ", rows.stream().map(row -> row.get("商户订单号")).toList()))
        .isEqualTo(numbers);
    assertThat(rows(new ArrayList<>(files.values()).get(1)).getLast())
        .containsEntry("订单金额（元）", total);
    BigDecimal sum = sum(rows, "订单金额（元）");
    if (fault.equals("summary_wrong")) {
      assertThat(sum).isNotEqualByComparingTo(total);
    } else {
      assertThat(sum).isEqualByComparingTo(total);
    }
  }

  @ParameterizedTest
  @CsvSource({"no_bill", "late"})
  void a_bill_may_not_be_there(String fault) {
    pay(create("cp01", "10.00"));
    nextMorning();
    fault(fault);
    assertThat(shop.call(METHOD, DAY).path("sub_code").asString()).isEqualTo("isp.bill_not_exist");
    sandbox.faults().clear();
    assertThat(shop.call(METHOD, DAY).path("code").asString()).isEqualTo("10000");
  }

  @ParameterizedTest
  @CsvSource({"comma_in_name", "backtick_in_name", "newline_in_name"})
  void a_goods_name_may_break_its_line(String fault) {
    pay(create("cp01", "10.00"));
    nextMorning();
    fault(fault);
    String details = files(download(DAY)).values().iterator().next();
    List<String> lines = details.lines().filter(line -> !line.startsWith("#")).toList();
    boolean whole = lines.size() == 2 && lines.get(1).split(",", -1).length == 25;
    assertThat(whole).isFalse();
  }

  @Test
  void lines_may_end_differently_and_a_mark_may_stand_before_the_first() {
    pay(create("cp01", "10.00"));
    nextMorning();
    fault("lf");
    fault("bom");
    String details = files(download(DAY)).values().iterator().next();
    assertThat(details)
        .doesNotContain("\r\n")
        .startsWith(new String(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, GBK));
    assertThat(rows(details.substring(details.indexOf('#')))).hasSize(1);
  }

  @Test
  void names_in_the_packing_may_come_in_another_encoding_than_gbk() {
    pay(create("cp01", "10.00"));
    nextMorning();
    fault("gbk_name");
    assertThat(new String(download(DAY), StandardCharsets.UTF_8)).contains("_业务明细.csv");
    sandbox.faults().clear();
    assertThat(new String(download(DAY), GBK)).contains("_业务明细.csv");
  }

  @Test
  void people_can_look_at_the_bill_of_a_day_that_is_not_over() {
    pay(create("cp01", "10.00"));
    var reply =
        sandbox
            .clock()
            .step(() -> sandbox.channel("alipay").bill(java.time.LocalDate.of(2026, 1, 1)));
    assertThat(new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8)).contains("cp01");
  }

  // --- words ---

  private static void nextMorning() {
    sandbox.clock().advance(Duration.ofHours(22));
  }

  private static void fault(String fault) {
    sandbox.faults().add("{'channel':'alipay','effect':{'kind':'bill','fault':'" + fault + "'}}");
  }

  private static byte[] download(String content) {
    JsonNode node = shop.call(METHOD, content);
    assertThat(node.path("code").asString()).isEqualTo("10000");
    return fetch(node);
  }

  private static byte[] fetch(JsonNode node) {
    HttpResponse<byte[]> answer = get(node);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private static HttpResponse<byte[]> get(JsonNode node) {
    URI url = URI.create(node.path("bill_download_url").asString());
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> files(byte[] bytes) {
    Map<String, String> files = new LinkedHashMap<>();
    try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes), GBK)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), GBK));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /// The rows between the frames, by the names in the header.
  private static List<Map<String, String>> rows(String text) {
    List<String> lines = text.lines().filter(line -> !line.startsWith("#")).toList();
    String[] names = lines.getFirst().split(",", -1);
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < names.length; i++) {
        row.put(names[i], cells[i].strip());
      }
      rows.add(row);
    }
    return rows;
  }

  private static BigDecimal sum(List<Map<String, String>> rows, String column) {
    return rows.stream()
        .map(row -> new BigDecimal(row.get(column)))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static String create(String number, String amount) {
    return shop.call(
            "alipay.trade.create",
            "{'out_trade_no':'%s','total_amount':'%s','subject':'豆浆,一份','buyer_id':'%s'}"
                .formatted(
                    number, amount, sandbox.people().named("alice").orElseThrow().alipayUserId()))
        .path("trade_no")
        .asString();
  }

  private static void pay(String tradeNo) {
    assertThat(sandbox.pay("alipay", tradeNo, "alice", new Action.Success()).succeeded()).isTrue();
  }

  private static void refund(String number, String requestNo, String amount) {
    shop.call(
        "alipay.trade.refund",
        "{'out_trade_no':'%s','refund_amount':'%s','out_request_no':'%s'}"
            .formatted(number, amount, requestNo));
  }
}
