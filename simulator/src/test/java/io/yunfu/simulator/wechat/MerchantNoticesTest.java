package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.AdminClient;
import io.yunfu.simulator.Receiver;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.notice.Attempt;
import io.yunfu.simulator.notice.Notice;
import io.yunfu.simulator.notice.NoticeSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// channels.md, sections 2.13 and 7.5, and the faults of section 7.7 on notices.
class MerchantNoticesTest extends SandboxTest {
  private static final String NUMBER = "cp0120260101000000000000000001";
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Receiver receiver = new Receiver();

  @Override
  SandboxSettings settings() {
    return SandboxSettings.DEFAULT
        .withManualClock(NOON)
        .withNotices(new NoticeSettings(NoticeSettings.Mode.REAL, 1, Duration.ofSeconds(5), true));
  }

  @AfterEach
  void stopReceiver() {
    receiver.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "HMAC-SHA256"})
  void a_payment_is_told_with_a_signature_like_that_of_its_order(String signType) {
    var merchant = new Provider(sandbox, signType);
    merchant.paid(order());
    assertThat(sandbox.notices().drain(LONG, true)).isTrue();
    Map<String, String> notice = Provider.parse(receiver.received().getFirst());
    assertThat(notice)
        .containsEntry("return_code", "SUCCESS")
        .containsEntry("result_code", "SUCCESS")
        .containsEntry("appid", Provider.APP)
        .containsEntry("mch_id", Provider.MCH)
        .containsEntry("sub_appid", Provider.SUB_APP)
        .containsEntry("sub_mch_id", Provider.SUB)
        .containsEntry("sub_openid", provider.openid("alice"))
        .containsEntry("out_trade_no", NUMBER)
        .containsEntry("total_fee", "101")
        .containsEntry("cash_fee", "101")
        .containsEntry("fee_type", "CNY")
        .containsEntry("trade_type", "JSAPI")
        .containsEntry("time_end", "20260101120000")
        .containsEntry("sign", Provider.sign(notice, signType, Provider.KEY));
    assertThat(notice.getOrDefault("sign_type", "MD5")).isEqualTo(signType);
    assertThat(notice.get("transaction_id")).hasSize(28);
    assertThat(states()).containsExactly(Notice.State.DELIVERED);
  }

  @Test
  void an_unpaid_order_is_told_to_nobody() {
    String prepay = provider.prepay(order());
    sandbox.pay("wechat", prepay, "alice", new Action.Cancel());
    advance(Duration.ofDays(8));
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void the_end_of_a_refund_is_told_in_an_encrypted_form() throws Exception {
    provider.paid(order());
    Map<String, String> fields = provider.refundFields(NUMBER, "refund1", 101, 50);
    fields.put("notify_url", receiver.target("/refund").toString());
    provider.refund(fields);
    advance(Duration.ofSeconds(3));
    Map<String, String> notice = Provider.parse(receiver.received().get(1));
    assertThat(notice)
        .containsEntry("return_code", "SUCCESS")
        .containsEntry("mch_id", Provider.MCH)
        .doesNotContainKey("sign");
    assertThat(decrypted(notice.get("req_info")))
        .containsEntry("out_trade_no", NUMBER)
        .containsEntry("out_refund_no", "refund1")
        .containsEntry("refund_fee", "50")
        .containsEntry("total_fee", "101")
        .containsEntry("refund_status", "SUCCESS")
        .containsEntry("success_time", "2026-01-01 12:00:03")
        .containsEntry("refund_recv_accout", "支付用户零钱")
        .containsEntry("refund_request_source", "API");
  }

  @Test
  void a_failing_receiver_gets_sixteen_deliveries_at_the_documented_times() {
    receiver.always(Receiver.Reply.of(500, "no"));
    provider.paid(order());
    advance(Duration.ofDays(2));
    assertThat(receiver.received()).hasSize(16).allMatch(receiver.received().getFirst()::equals);
    Notice notice = sandbox.notices().all().getFirst();
    assertThat(notice.state()).isEqualTo(Notice.State.DEAD);
    List<Long> gaps = new ArrayList<>();
    Instant before = NOON;
    for (Attempt attempt : notice.attempts()) {
      gaps.add(Duration.between(before, attempt.sent()).toSeconds());
      assertThat(attempt.planned()).isEqualTo(attempt.sent());
      before = attempt.sent();
    }
    assertThat(gaps)
        .containsExactly(
            0L, 15L, 15L, 30L, 180L, 600L, 1200L, 1800L, 1800L, 1800L, 3600L, 10800L, 10800L,
            10800L, 21600L, 21600L);
    assertThat(Duration.between(NOON, before)).isEqualTo(Duration.ofHours(24).plusMinutes(4));
  }

  @Test
  void an_acknowledgement_stops_the_deliveries() {
    receiver.once(Receiver.Reply.of(500, "no"));
    receiver.once(Receiver.Reply.of(200, "<xml><return_code>FAIL</return_code></xml>"));
    provider.paid(order());
    advance(Duration.ofDays(2));
    assertThat(receiver.received()).hasSize(3);
    assertThat(states()).containsExactly(Notice.State.DELIVERED);
    assertThat(verdicts()).containsExactly("refused", "refused", "acknowledged");
  }

  @ParameterizedTest
  @CsvSource({
    "200, SUCCESS, ''",
    "200, '', ''",
    "201, ack, ''",
    "204, '', ''",
    "302, ack, /elsewhere",
    "200, 'ack<!-- -->x', ''",
    "200, 'xack', ''"
  })
  void nothing_else_is_an_acknowledgement(int status, String body, String location) {
    receiver.always(
        new Receiver.Reply(status, body.replace("ack", Receiver.ACKNOWLEDGED), 0, location));
    provider.paid(order());
    sandbox.notices().drain(LONG, false);
    assertThat(states()).containsExactly(Notice.State.WAITING);
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void extra_bytes_are_forgiven_only_when_told_so() {
    receiver.always(Receiver.Reply.of(200, "\n" + Receiver.ACKNOWLEDGED + "\n<!-- proxy -->x"));
    new AdminClient(sandbox).post("/_sim/settings", "{'notify': {'strict_ack': false}}");
    provider.paid(order());
    sandbox.notices().drain(LONG, false);
    assertThat(states()).containsExactly(Notice.State.DELIVERED);
  }

  @Test
  void an_answer_that_comes_too_late_is_none() {
    new AdminClient(sandbox).post("/_sim/settings", "{'notify': {'timeout_ms': 200}}");
    receiver.once(new Receiver.Reply(200, Receiver.ACKNOWLEDGED, 2_000, ""));
    provider.paid(order());
    sandbox.notices().drain(LONG, false);
    assertThat(verdicts().getFirst()).startsWith("failed: no answer within 200 ms");
    advance(Duration.ofSeconds(15));
    assertThat(states()).containsExactly(Notice.State.DELIVERED);
  }

  @Test
  void a_receiver_that_is_not_there_is_tried_again() {
    Map<String, String> order = order();
    order.put("notify_url", "http://127.0.0.1:9/nobody");
    provider.paid(order);
    sandbox.notices().drain(LONG, false);
    assertThat(verdicts().getFirst()).startsWith("failed: ");
    assertThat(states()).containsExactly(Notice.State.WAITING);
  }

  @Test
  void fast_gaps_are_the_real_ones_divided() {
    new AdminClient(sandbox).post("/_sim/settings", "{'notify': {'mode': 'fast', 'factor': 1000}}");
    receiver.always(Receiver.Reply.of(500, "no"));
    provider.paid(order());
    advance(Duration.ofMillis(14));
    assertThat(receiver.received()).hasSize(1);
    advance(Duration.ofMillis(1));
    assertThat(receiver.received()).hasSize(2);
    advance(Duration.ofMinutes(3));
    assertThat(states()).containsExactly(Notice.State.DEAD);
  }

  @Test
  void by_hand_nothing_is_sent_until_it_is_asked_for() {
    var admin = new AdminClient(sandbox);
    admin.post("/_sim/settings", "{'notify': {'mode': 'manual'}}");
    receiver.once(Receiver.Reply.of(500, "no"));
    provider.paid(order());
    advance(Duration.ofDays(2));
    assertThat(sandbox.notices().drain(Duration.ofSeconds(1), false)).isTrue();
    assertThat(receiver.received()).isEmpty();
    assertThat(admin.post("/_sim/notify/next", "").get("verdict").asString()).isEqualTo("refused");
    assertThat(admin.post("/_sim/notify/next", "").get("verdict").asString())
        .isEqualTo("acknowledged");
    assertThat(admin.refused("POST", "/_sim/notify/next", "", 404)).contains("no notice");
    String id = admin.get("/_sim/notify?number=" + NUMBER).at("/notices/0/id").asString();
    assertThat(admin.post("/_sim/notify/" + id + "/resend", "").get("n").asInt()).isEqualTo(3);
    assertThat(receiver.received()).hasSize(3);
  }

  @Test
  void draining_waits_for_what_is_under_way_and_for_retries_only_if_told_so() {
    var admin = new AdminClient(sandbox);
    receiver.once(new Receiver.Reply(500, "no", 300, ""));
    provider.paid(order());
    assertThat(admin.post("/_sim/notify/drain?timeout=30", "").get("drained").asBoolean()).isTrue();
    assertThat(receiver.received()).hasSize(1);
    assertThat(
            admin.request("POST", "/_sim/notify/drain?timeout=0.2&all=true", "", "").statusCode())
        .isEqualTo(504);
    advance(Duration.ofSeconds(15));
    assertThat(admin.post("/_sim/notify/drain?timeout=30&all=true", "").get("drained").asBoolean())
        .isTrue();
  }

  @Test
  void lost_deliveries_count_as_failed_ones() {
    notice("{'kind': 'notify_drop', 'deliveries': 2}");
    provider.paid(order());
    advance(Duration.ofSeconds(15));
    assertThat(receiver.received()).isEmpty();
    advance(Duration.ofSeconds(15));
    assertThat(receiver.received()).hasSize(1);
    assertThat(verdicts()).containsExactly("dropped", "dropped", "acknowledged");
  }

  @Test
  void a_notice_may_be_lost_altogether() {
    notice("{'kind': 'notify_drop'}");
    provider.paid(order());
    advance(Duration.ofDays(2));
    assertThat(receiver.received()).isEmpty();
    assertThat(states()).containsExactly(Notice.State.DEAD);
  }

  @Test
  void a_notice_may_come_late() {
    notice("{'kind': 'notify_delay', 'ms': 60000}");
    provider.paid(order());
    advance(Duration.ofSeconds(59));
    assertThat(receiver.received()).isEmpty();
    advance(Duration.ofSeconds(1));
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void a_notice_may_come_fifty_times_at_once() {
    notice("{'kind': 'notify_dup', 'copies': 50}");
    provider.paid(order());
    advance(Duration.ofSeconds(1));
    assertThat(receiver.received()).hasSize(50).allMatch(receiver.received().getFirst()::equals);
    assertThat(states()).containsExactly(Notice.State.DELIVERED);
  }

  @Test
  void fifty_refused_copies_are_one_step_of_the_schedule() {
    receiver.always(Receiver.Reply.of(500, "no"));
    notice("{'kind': 'notify_dup', 'copies': 50}");
    provider.paid(order());
    advance(Duration.ofDays(2));
    assertThat(receiver.received()).hasSize(50 + 15);
    assertThat(states()).containsExactly(Notice.State.DEAD);
  }

  @Test
  void the_refund_may_be_told_before_the_payment() {
    notice("{'kind': 'notify_reorder', 'how': 'refund_before_pay'}");
    provider.paid(order());
    advance(Duration.ofMinutes(1));
    assertThat(receiver.received()).isEmpty();
    refund();
    advance(Duration.ofSeconds(4));
    assertThat(receiver.received()).hasSize(2);
    assertThat(receiver.received().get(0)).contains("req_info");
    assertThat(receiver.received().get(1)).contains("transaction_id");
  }

  @Test
  void an_old_notice_may_come_again_after_a_newer_one() {
    notice("{'kind': 'notify_reorder', 'how': 'old_after_new'}");
    provider.paid(order());
    advance(Duration.ofMinutes(1));
    refund();
    advance(Duration.ofSeconds(4));
    List<String> received = receiver.received();
    assertThat(received).hasSize(3);
    assertThat(received.get(1)).contains("req_info");
    assertThat(received.get(2)).isEqualTo(received.get(0));
  }

  @ParameterizedTest
  @CsvSource({
    "total_fee, 1",
    "appid, wx00000000000000dd",
    "sub_mch_id, 1900000102",
    "out_trade_no, unknown-order",
    "transaction_id, 4200000000202601019999999999"
  })
  void a_changed_notice_is_correctly_signed(String field, String value) {
    notice("{'kind': 'notify_mutate', 'field': '%s', 'value': '%s'}".formatted(field, value));
    provider.paid(order());
    sandbox.notices().drain(LONG, false);
    Map<String, String> notice = Provider.parse(receiver.received().getFirst());
    assertThat(notice)
        .containsEntry(field, value)
        .containsEntry("sign", Provider.sign(notice, "MD5", Provider.KEY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad", "missing", "stale_key", "md5_for_hmac_order"})
  void a_notice_may_be_signed_wrongly(String fault) {
    notice("{'kind': 'notify_sign', 'fault': '" + fault + "'}");
    var merchant = new Provider(sandbox, "HMAC-SHA256");
    merchant.paid(order());
    sandbox.notices().drain(LONG, false);
    Map<String, String> notice = Provider.parse(receiver.received().getFirst());
    String sign = notice.get("sign");
    switch (fault) {
      case "missing" -> assertThat(sign).isNull();
      case "md5_for_hmac_order" ->
          assertThat(notice)
              .containsEntry("sign_type", "MD5")
              .containsEntry("sign", Provider.sign(notice, "MD5", Provider.KEY));
      default ->
          assertThat(sign)
              .hasSize(64)
              .isNotEqualTo(Provider.sign(notice, "HMAC-SHA256", Provider.KEY));
    }
  }

  @Test
  void unknown_fields_and_coupons_are_signed_with_the_rest() {
    notice("{'kind': 'notify_extra', 'coupons': 2}");
    provider.paid(order());
    sandbox.notices().drain(LONG, false);
    Map<String, String> notice = Provider.parse(receiver.received().getFirst());
    assertThat(notice)
        .containsKeys("a_field_of_tomorrow", "coupon_id_0", "coupon_type_1", "coupon_fee_1")
        .containsEntry("sign", Provider.sign(notice, "MD5", Provider.KEY));
  }

  @ParameterizedTest
  @CsvSource({
    "notify_xxe, <!ENTITY % remote SYSTEM",
    "notify_billion_laughs, &e8;&e8;",
    "notify_deep, <a><a><a>",
    "notify_big, xxxxxxxxxxxxxxxx"
  })
  void a_notice_may_be_hostile(String kind, String sign) {
    notice("'" + kind + "'");
    provider.paid(order());
    sandbox.notices().drain(LONG, false);
    assertThat(receiver.received().getFirst()).contains(sign).contains(NUMBER);
    assertThat(new AdminClient(sandbox).get("/_sim/canary").get("hits")).isEmpty();
  }

  @Test
  void a_second_payment_is_told_as_well() {
    sandbox.faults().add("{'op': 'pay', 'effect': 'double_payment'}");
    provider.paid(order());
    sandbox.notices().drain(LONG, false);
    assertThat(receiver.received()).hasSize(2);
    assertThat(Provider.parse(receiver.received().get(0)).get("transaction_id"))
        .isNotEqualTo(Provider.parse(receiver.received().get(1)).get("transaction_id"));
  }

  private Map<String, String> order() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("notify_url", receiver.target("/pay").toString());
    return order;
  }

  private void refund() {
    Map<String, String> fields = provider.refundFields(NUMBER, "refund1", 101, 50);
    fields.put("notify_url", receiver.target("/refund").toString());
    assertThat(provider.refund(fields)).containsEntry("result_code", "SUCCESS");
  }

  private void notice(String effect) {
    sandbox
        .faults()
        .add("{'channel': 'wechat', 'op': 'pay', 'times': 1, 'effect': " + effect + "}");
  }

  private List<Notice.State> states() {
    return sandbox.notices().all().stream().map(Notice::state).toList();
  }

  private List<String> verdicts() {
    return sandbox.notices().all().getFirst().attempts().stream().map(Attempt::verdict).toList();
  }

  private static Map<String, String> decrypted(String text) throws Exception {
    String key =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("MD5")
                    .digest(Provider.KEY.getBytes(StandardCharsets.UTF_8)));
    Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "AES"));
    return Provider.parse(
        new String(cipher.doFinal(Base64.getDecoder().decode(text)), StandardCharsets.UTF_8));
  }
}
