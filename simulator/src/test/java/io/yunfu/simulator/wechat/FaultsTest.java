package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.simulator.AdminClient;
import io.yunfu.simulator.http.Port;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each effect of channels.md, section 7.7, on an answer, seen from the other end of a socket.
class FaultsTest extends SandboxTest {
  private static final String NUMBER = "cp0120260101000000000000000001";

  @Test
  void a_delayed_answer_comes_late() {
    fault("'op': 'unifiedorder', 'effect': {'kind': 'delay', 'ms': 300}");
    long begin = System.nanoTime();
    assertThat(provider.unifiedorder(provider.order(NUMBER)))
        .containsEntry("result_code", "SUCCESS");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(299));
  }

  @Test
  void a_refused_connection_is_refused_by_the_system_and_later_taken_again() throws Exception {
    fault("'channel': 'wechat', 'effect': {'kind': 'refuse', 'ms': 1000}");
    URI base = sandbox.base(Port.WX_HTTP);
    assertThatThrownBy(() -> new Socket(base.getHost(), base.getPort()))
        .isInstanceOf(ConnectException.class);
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (true) {
      try (var socket = new Socket(base.getHost(), base.getPort())) {
        assertThat(socket.isConnected()).isTrue();
        break;
      } catch (ConnectException e) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(50);
      }
    }
    assertThat(provider.unifiedorder(provider.order(NUMBER)))
        .containsEntry("result_code", "SUCCESS");
  }

  @ParameterizedTest
  @CsvSource({"reset_before, false", "reset_after, true"})
  void a_reset_connection_ends_without_an_answer(String effect, boolean committed)
      throws Exception {
    fault("'op': 'unifiedorder', 'times': 1, 'effect': '" + effect + "'");
    try (Socket socket = post("/pay/unifiedorder", order())) {
      InputStream in = socket.getInputStream();
      assertThatThrownBy(() -> in.readAllBytes())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
    assertCommitted(committed);
  }

  @ParameterizedTest
  @CsvSource({"timeout_before, false", "timeout_after, true"})
  void a_silent_channel_never_answers(String effect, boolean committed) throws Exception {
    fault("'op': 'unifiedorder', 'times': 1, 'effect': '" + effect + "'");
    try (Socket socket = post("/pay/unifiedorder", order())) {
      socket.setSoTimeout(700);
      InputStream in = socket.getInputStream();
      assertThatThrownBy(() -> in.read()).isInstanceOf(SocketTimeoutException.class);
    }
    assertCommitted(committed);
  }

  @ParameterizedTest
  @CsvSource({"500, false", "502, true", "503, false", "504, true"})
  void an_error_of_http_may_hide_a_success(int status, boolean committed) {
    fault(
        "'op': 'unifiedorder', 'times': 1, 'effect': {'kind': 'http', 'status': %d, 'body': '<h1>oops</h1>', 'commit': %s}"
            .formatted(status, committed));
    HttpResponse<byte[]> response = provider.send("/pay/unifiedorder", order());
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(text(response)).isEqualTo("<h1>oops</h1>");
    assertCommitted(committed);
  }

  @ParameterizedTest
  @CsvSource({"SYSTEMERROR, false", "SYSTEMERROR, true", "BANKERROR, false"})
  void an_error_of_the_channel_is_signed_and_may_hide_a_success(String code, boolean committed) {
    fault(
        "'op': 'unifiedorder', 'times': 1, 'effect': {'kind': 'error', 'code': '%s', 'commit': %s}"
            .formatted(code, committed));
    assertThat(provider.unifiedorder(provider.order(NUMBER))) // verified by the provider
        .containsEntry("return_code", "SUCCESS")
        .containsEntry("result_code", "FAIL")
        .containsEntry("err_code", code);
    assertCommitted(committed);
  }

  @Test
  void a_failure_of_the_communication_level_is_not_signed() {
    fault("'times': 1, 'effect': {'kind': 'error', 'code': 'FAIL', 'text': '系统繁忙'}");
    assertThat(provider.unifiedorder(provider.order(NUMBER)))
        .isEqualTo(Map.of("return_code", "FAIL", "return_msg", "系统繁忙"));
    assertCommitted(false);
  }

  @Test
  void a_refund_that_says_system_error_may_have_been_accepted() {
    provider.paid(provider.order(NUMBER));
    fault(
        "'op': 'refund', 'times': 1, 'effect': {'kind': 'error', 'code': 'BIZERR_NEED_RETRY', 'commit': true}");
    assertThat(provider.refund(NUMBER, "refund1", 101, 101))
        .containsEntry("err_code", "BIZERR_NEED_RETRY");
    assertThat(provider.refundQuery("out_refund_no", "refund1"))
        .containsEntry("refund_status_0", "PROCESSING");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad", "missing", "other_alg", "other_key", "lower_case"})
  void a_wrong_signature_is_wrong_in_its_own_way(String fault) {
    fault("'times': 1, 'effect': {'kind': 'sign', 'fault': '" + fault + "'}");
    Map<String, String> answer = Provider.parse(text(provider.send("/pay/unifiedorder", order())));
    assertThat(answer).containsEntry("result_code", "SUCCESS").containsKey("prepay_id");
    String right = Provider.sign(answer, "MD5", Provider.KEY);
    String sign = answer.get("sign");
    switch (fault) {
      case "missing" -> assertThat(sign).isNull();
      case "lower_case" -> assertThat(sign).isEqualTo(right.toLowerCase(Locale.ROOT));
      case "other_alg" ->
          assertThat(sign).isEqualTo(Provider.sign(answer, "HMAC-SHA256", Provider.KEY));
      default -> assertThat(sign).hasSize(32).isNotEqualTo(right).matches("[0-9A-F]{32}");
    }
  }

  @ParameterizedTest
  @CsvSource({"out_trade_no, another", "mch_id, 1900000002", "total_fee, 1", "a_new_one, x"})
  void a_changed_field_is_correctly_signed(String field, String value) {
    provider.prepay(provider.order(NUMBER));
    fault(
        "'op': 'orderquery', 'effect': {'kind': 'mutate', 'field': '%s', 'value': '%s'}"
            .formatted(field, value));
    assertThat(provider.query(NUMBER)).containsEntry(field, value); // verified by the provider
  }

  @Test
  void a_field_may_be_left_out() {
    provider.prepay(provider.order(NUMBER));
    fault("'op': 'orderquery', 'effect': {'kind': 'mutate', 'field': 'trade_state'}");
    assertThat(provider.query(NUMBER)).doesNotContainKey("trade_state");
  }

  @Test
  void a_truncated_answer_ends_before_its_length() throws Exception {
    fault("'effect': {'kind': 'garbage', 'what': 'truncated'}");
    try (Socket socket = post("/pay/unifiedorder", order())) {
      String whole = readAll(socket);
      int length = length(whole);
      String body = whole.substring(whole.indexOf("\r\n\r\n") + 4);
      assertThat(body.getBytes(StandardCharsets.UTF_8).length).isPositive().isLessThan(length);
    }
    assertThatThrownBy(() -> provider.send("/pay/orderquery", order()))
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void an_empty_answer_is_empty() {
    fault("'effect': {'kind': 'garbage', 'what': 'empty'}");
    HttpResponse<byte[]> response = provider.send("/pay/unifiedorder", order());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void a_mark_stands_before_the_answer() {
    fault("'effect': {'kind': 'garbage', 'what': 'bom'}");
    assertThat(text(provider.send("/pay/unifiedorder", order()))).startsWith("\ufeff<xml>");
  }

  @Test
  void an_answer_may_be_in_another_encoding_than_announced() {
    fault("'effect': {'kind': 'garbage', 'what': 'gbk'}");
    byte[] body = provider.send("/pay/orderquery", query("unknown-order")).body();
    assertThat(new String(body, Charset.forName("GBK"))).contains("此交易订单号不存在");
    assertThat(new String(body, StandardCharsets.UTF_8)).doesNotContain("此交易订单号不存在");
  }

  @Test
  void a_huge_answer_is_huge() {
    fault("'effect': {'kind': 'garbage', 'what': 'huge'}");
    assertThat(provider.send("/pay/unifiedorder", order()).body().length)
        .isGreaterThan(50 * 1024 * 1024);
  }

  @Test
  void a_slow_answer_comes_byte_by_byte() throws Exception {
    fault("'effect': {'kind': 'garbage', 'what': 'slow'}");
    try (Socket socket = post("/pay/unifiedorder", order())) {
      InputStream in = socket.getInputStream();
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.read());
      }
      long begin = System.nanoTime();
      assertThat(new String(in.readNBytes(3), StandardCharsets.UTF_8)).isEqualTo("<xm");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(900));
    }
  }

  @Test
  void a_chunked_answer_is_an_answer_all_the_same() {
    fault("'effect': {'kind': 'garbage', 'what': 'chunked'}");
    HttpResponse<byte[]> response = provider.send("/pay/unifiedorder", order());
    assertThat(response.headers().firstValue("Transfer-Encoding")).contains("chunked");
    assertThat(response.headers().firstValue("Content-Length")).isEmpty();
    assertThat(provider.verified(response)).containsEntry("result_code", "SUCCESS");
  }

  @Test
  void an_answer_may_be_said_to_be_compressed() {
    fault("'effect': {'kind': 'garbage', 'what': 'gzip_header'}");
    HttpResponse<byte[]> response = provider.send("/pay/unifiedorder", order());
    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(text(response)).startsWith("<xml>");
  }

  @Test
  void a_rule_fits_by_number_merchant_operation_and_count() {
    fault(
        "'op': 'orderquery', 'match': {'number': '%s', 'mch': '%s', 'nth': 2}, 'effect': {'kind': 'error', 'code': 'SYSTEMERROR'}"
            .formatted(NUMBER, Provider.SUB));
    provider.prepay(provider.order(NUMBER));
    provider.prepay(provider.order(NUMBER + "x"));
    assertThat(provider.query(NUMBER + "x")).containsEntry("result_code", "SUCCESS");
    assertThat(provider.query(NUMBER)).containsEntry("result_code", "SUCCESS");
    assertThat(provider.query(NUMBER + "x")).containsEntry("result_code", "SUCCESS");
    assertThat(provider.query(NUMBER)).containsEntry("err_code", "SYSTEMERROR");
    assertThat(provider.query(NUMBER)).containsEntry("result_code", "SUCCESS");
  }

  @Test
  void a_rule_of_another_merchant_or_channel_does_not_fit() {
    fault("'match': {'mch': '1900000201'}, 'effect': {'kind': 'error', 'code': 'SYSTEMERROR'}");
    fault("'channel': 'alipay', 'effect': {'kind': 'error', 'code': 'SYSTEMERROR'}");
    assertThat(provider.unifiedorder(provider.order(NUMBER)))
        .containsEntry("result_code", "SUCCESS");
  }

  @Test
  void a_rule_ends_after_its_times() {
    fault("'times': 2, 'effect': {'kind': 'error', 'code': 'SYSTEMERROR'}");
    assertThat(provider.query(NUMBER)).containsEntry("err_code", "SYSTEMERROR");
    assertThat(provider.query(NUMBER)).containsEntry("err_code", "SYSTEMERROR");
    assertThat(provider.query(NUMBER)).containsEntry("err_code", "ORDERNOTEXIST");
  }

  @Test
  void chance_comes_from_the_seed() {
    boolean[] first = draws();
    sandbox.reset();
    assertThat(draws()).isEqualTo(first).contains(true).contains(false);
  }

  private boolean[] draws() {
    fault("'match': {'probability': 0.5}, 'effect': {'kind': 'error', 'code': 'SYSTEMERROR'}");
    boolean[] applied = new boolean[40];
    for (int i = 0; i < applied.length; i++) {
      applied[i] = "SYSTEMERROR".equals(provider.query(NUMBER).get("err_code"));
    }
    return applied;
  }

  @Test
  void each_application_is_logged_with_the_id_of_its_request() {
    fault("'op': 'orderquery', 'effect': {'kind': 'error', 'code': 'SYSTEMERROR'}");
    provider.query(NUMBER);
    var application = sandbox.faults().log().getFirst();
    var exchange = sandbox.requests().about(NUMBER).getFirst();
    assertThat(application.occasion().request()).isEqualTo(exchange.id());
    assertThat(exchange.verdict()).isEqualTo("SYSTEMERROR");
    assertThat(exchange.effects()).hasSize(1);
  }

  @Test
  void a_rule_that_makes_no_sense_is_refused_and_says_why() {
    var admin = new AdminClient(sandbox);
    assertThat(admin.refused("POST", "/_sim/faults", "{'effect': 'explode'}", 400))
        .contains("kind", "timeout_after");
    assertThat(admin.refused("POST", "/_sim/faults", "{'effect': 'delay'}", 400)).contains("ms");
    assertThat(
            admin.refused("POST", "/_sim/faults", "{'ops': 'x', 'effect': 'timeout_after'}", 400))
        .contains("ops");
    assertThat(
            admin.refused(
                "POST",
                "/_sim/faults",
                "{'match': {'probability': 2}, 'effect': 'timeout_after'}",
                400))
        .contains("match.probability");
    assertThat(sandbox.faults().rules()).isEmpty();
  }

  private void fault(String rule) {
    sandbox.faults().add("{" + rule + "}");
  }

  private byte[] order() {
    return Provider.xml(provider.signed(provider.order(NUMBER)));
  }

  private byte[] query(String number) {
    Map<String, String> fields = new LinkedHashMap<>(provider.common());
    fields.put("out_trade_no", number);
    return Provider.xml(provider.signed(fields));
  }

  private void assertCommitted(boolean committed) {
    Map<String, String> answer = provider.query(NUMBER);
    if (committed) {
      assertThat(answer).containsEntry("trade_state", "NOTPAY");
    } else {
      assertThat(answer).containsEntry("err_code", "ORDERNOTEXIST");
    }
  }

  /// Without any client in between that would try again.
  private Socket post(String path, byte[] body) throws IOException {
    URI base = sandbox.base(Port.WX_HTTP);
    var socket = new Socket(base.getHost(), base.getPort());
    socket.setSoTimeout(60_000);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, body.length);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    socket.getOutputStream().flush();
    return socket;
  }

  private static String readAll(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static int length(String response) {
    return Arrays.stream(response.split("\r\n", -1))
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length: "))
        .mapToInt(line -> Integer.parseInt(line.substring("content-length: ".length())))
        .findFirst()
        .orElseThrow();
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
