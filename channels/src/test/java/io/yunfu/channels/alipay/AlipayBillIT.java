package io.yunfu.channels.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.http.Port;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bills of the simulator through the connector, under each of the bill's faults of `channels.md`
/// section 7.7, and addresses that a bill must not be fetched from (S21).
class AlipayBillIT {
  private static final String NUMBER = "gz0200abcd20260301000001";

  private static Sandbox sandbox;
  private static Instant begin;
  private static LocalDate day;
  private TestMerchant merchant;
  private final List<BillRow> rows = new ArrayList<>();

  @BeforeAll
  static void start() {
    // A day of the present, since certificates are judged by the time: noon in Beijing.
    LocalDate today = Instant.now().atOffset(ZoneOffset.ofHours(8)).toLocalDate();
    begin = today.atTime(12, 0).toInstant(ZoneOffset.ofHours(8)).truncatedTo(ChronoUnit.SECONDS);
    day = today;
    sandbox = Sandbox.start(SandboxSettings.DEFAULT.withManualClock(begin));
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @BeforeEach
  void a_day_with_a_payment_and_a_refund_is_over() {
    sandbox.reset();
    merchant = new TestMerchant(sandbox, false, Port.ALI_HTTP, TestMerchant.PATIENT);
    history(merchant);
  }

  private static void history(TestMerchant one) {
    Prepaid prepaid = (Prepaid) done(one.connector.create(one.account, one.order(NUMBER, 2590)));
    sandbox.pay("alipay", prepaid.reference(), TestMerchant.PAYER, new Action.Success());
    sandbox.clock().advance(Duration.ofHours(1));
    var order = one.reference(NUMBER, Optional.of(prepaid.reference()), 2590);
    done(one.connector.refund(one.account, one.refund(order, "R1", 590)));
    sandbox.clock().advance(Duration.ofHours(22)); // 11:00 of the next day
  }

  @AfterEach
  void end() {
    merchant.close();
  }

  @ParameterizedTest
  @CsvSource({"false,ALI_HTTP", "false,ALI_HTTPS", "true,ALI_HTTP", "true,ALI_HTTPS"})
  void a_bill_has_what_happened(boolean certified, Port port) {
    sandbox.reset();
    try (var one = new TestMerchant(sandbox, certified, port, TestMerchant.PATIENT)) {
      history(one);
      var statement = statement(one.connector.bill(one.account, day, rows::add));
      assertThat(rows).hasSize(2);
      var payment = rows.getFirst();
      assertThat(payment.kind()).isEqualTo(BillRow.Kind.PAY);
      assertThat(payment.outTradeNo()).isEqualTo(NUMBER);
      assertThat(payment.amount()).isEqualTo(2590);
      assertThat(payment.settlement()).isEqualTo(2590);
      assertThat(payment.at()).isEqualTo(begin);
      var refund = rows.getLast();
      assertThat(refund.kind()).isEqualTo(BillRow.Kind.REFUND);
      assertThat(refund.transactionId()).isEqualTo(payment.transactionId());
      assertThat(refund.outRefundNo()).contains("R1");
      assertThat(refund.amount()).isEqualTo(590);
      assertThat(statement.sums())
          .isEqualTo(new Bill.Sums(2, 2000, 2000, payment.fee() - refund.fee()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "comma_in_name",
        "backtick_in_name",
        "newline_in_name",
        "bom",
        "no_bom",
        "crlf",
        "lf",
        "gbk_name"
      })
  void however_it_is_written_it_says_the_same(String fault) {
    statement(fetch());
    var plain = List.copyOf(rows);
    fault(fault);
    statement(fetch());
    assertThat(rows).isEqualTo(plain);
    assertThat(sandbox.faults().log()).as("the fault took place").isNotEmpty();
  }

  @Test
  void a_summary_that_is_wrong_makes_it_unusable() {
    fault("summary_wrong");
    assertThat(done(fetch())).isInstanceOf(Bill.Unusable.class);
  }

  /// The sums follow: what is wrong shows in the lines alone.
  @ParameterizedTest
  @CsvSource({"missing_row,1", "extra_row,3", "duplicate,3", "amount,2", "status,2"})
  void a_bill_that_is_wrong_and_adds_up_is_handed_on(String fault, int size) {
    statement(fetch());
    var plain = List.copyOf(rows);
    fault(fault);
    statement(fetch());
    assertThat(rows).hasSize(size).isNotEqualTo(plain);
  }

  @Test
  void no_bill_is_told_from_an_empty_one() {
    for (String fault : List.of("no_bill", "late")) {
      sandbox.faults().clear();
      fault(fault);
      assertThat(done(fetch())).isInstanceOf(Bill.None.class);
    }
    sandbox.faults().clear();
    var empty = merchant.connector.bill(merchant.account, day.minusDays(1), rows::add);
    assertThat(statement(empty).sums()).isEqualTo(new Bill.Sums(0, 0, 0, 0));
    var today = merchant.connector.bill(merchant.account, day.plusDays(1), rows::add);
    assertThat(today).isInstanceOf(Answer.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad", "missing", "other_key"})
  void where_a_bill_is_is_believed_only_when_alipay_has_signed_it(String sign) {
    queryFault("{'kind': 'sign', 'fault': '%s'}".formatted(sign));
    assertThat(fetch()).isInstanceOf(Answer.Unknown.class);
    assertThat(rows).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'kind': 'http', 'status': 502} | Unknown",
        "{'kind': 'reset_after'} | Unknown",
        "{'kind': 'garbage', 'what': 'truncated'} | Unknown",
        "{'kind': 'garbage', 'what': 'empty'} | Done",
      })
  void nothing_is_concluded_from_a_file_that_does_not_come(String effect, String outcome) {
    sandbox
        .faults()
        .add("{'channel': 'alipay', 'op': 'bill.download', 'effect': %s}".formatted(effect));
    var answer = fetch();
    assertThat(answer.getClass().getSimpleName()).isEqualTo(outcome);
    if (answer instanceof Answer.Done<Bill>(Bill bill, var _)) {
      assertThat(bill).isInstanceOf(Bill.Unusable.class);
    }
  }

  @Test
  void an_address_that_is_not_alipay_s_is_not_called_though_alipay_signs_it() throws IOException {
    var calls = new AtomicInteger();
    var canary = canary(calls, 200, "");
    try (var strict =
        new TestMerchant(sandbox, false, Port.ALI_HTTP, TestMerchant.PATIENT, BillHosts.CHANNEL)) {
      for (String address :
          List.of(
              "http://127.0.0.1:%d/bill.zip".formatted(canary.getAddress().getPort()),
              "https://127.0.0.1:%d/bill.zip".formatted(canary.getAddress().getPort()),
              "http://alipay.com@127.0.0.1:%d/".formatted(canary.getAddress().getPort()),
              "https://alipay.com.127.0.0.1.example/",
              "file:///etc/passwd",
              "https:///x")) {
        sandbox.faults().clear();
        queryFault(
            "{'kind': 'mutate', 'field': 'bill_download_url', 'value': '%s'}".formatted(address));
        assertThat(done(strict.connector.bill(strict.account, day, rows::add)))
            .as(address)
            .isInstanceOf(Bill.Unusable.class);
      }
    } finally {
      canary.stop(0);
    }
    assertThat(calls).hasValue(0);
    assertThat(rows).isEmpty();
  }

  @Test
  void a_redirect_is_not_followed() throws IOException {
    var calls = new AtomicInteger();
    var redirects = new AtomicInteger();
    var canary = canary(calls, 200, "");
    var door =
        canary(redirects, 302, "http://127.0.0.1:%d/".formatted(canary.getAddress().getPort()));
    try {
      queryFault(
          "{'kind': 'mutate', 'field': 'bill_download_url', 'value': 'http://127.0.0.1:%d/x'}"
              .formatted(door.getAddress().getPort()));
      assertThat(fetch()).isInstanceOf(Answer.Unknown.class);
    } finally {
      door.stop(0);
      canary.stop(0);
    }
    assertThat(redirects).hasValue(1);
    assertThat(calls).hasValue(0);
  }

  @Test
  void only_names_of_alipay_over_https_are_asked_for_their_addresses() {
    var hosts = new BillHosts(List.of("alipay.com", "localhost"), false);
    assertThat(hosts.refusal(URI.create("https://localhost/x")))
        .contains("the bill is at a private address");
    assertThat(hosts.refusal(URI.create("https://evilalipay.com/x")))
        .contains("the bill is not at Alipay's");
    assertThat(hosts.refusal(URI.create("http://dwbillcenter.alipay.com/x")))
        .contains("the bill is not served over https");
    assertThat(BillHosts.ANY.refusal(URI.create("ftp://127.0.0.1/x"))).isPresent();
  }

  @Test
  void what_is_kept_does_not_say_where_the_bill_is() {
    var evidence = fetch().evidence();
    assertThat(evidence.operation()).isEqualTo("alipay.data.dataservice.bill.downloadurl.query");
    assertThat(evidence.verified()).isTrue();
    assertThat(evidence.answer()).contains("bill_download_url").doesNotContain("/bill/");
  }

  private static HttpServer canary(AtomicInteger calls, int status, String location)
      throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          if (!location.isEmpty()) {
            exchange.getResponseHeaders().set("Location", location);
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private Answer<Bill> fetch() {
    rows.clear();
    return merchant.connector.bill(merchant.account, day, rows::add);
  }

  private static Object done(Answer<?> answer) {
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<?>) answer).value();
  }

  private static Bill.Statement statement(Answer<Bill> answer) {
    return (Bill.Statement) done(answer);
  }

  private static void fault(String fault) {
    sandbox
        .faults()
        .add("{'channel': 'alipay', 'effect': {'kind': 'bill', 'fault': '%s'}}".formatted(fault));
  }

  private static void queryFault(String effect) {
    sandbox
        .faults()
        .add(
            "{'channel': 'alipay', 'op': 'alipay.data.dataservice.bill.downloadurl.query', 'effect': %s}"
                .formatted(effect));
  }
}
