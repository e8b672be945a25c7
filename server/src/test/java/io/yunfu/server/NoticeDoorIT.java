package io.yunfu.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.server.CpayWorld.Over;
import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.simulator.SandboxSettings;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// The addresses at which channels report, on a whole server: what strangers send there changes
/// nothing and keeps no notice away. Source: `channels.md` section 9, S20.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoticeDoorIT {
  private CpayWorld world;

  @BeforeAll
  void starts() throws Exception {
    world =
        new CpayWorld(
            SandboxSettings.DEFAULT.withConfiguration(
                CpayWorld.JSON.readTree("{\"wechat\":{\"refund_after_ms\":3600000}}")),
            _ -> Clock.systemUTC(),
            Map.of("gateway.channel-notices.address-rate-limit", "3"));
  }

  @AfterAll
  void ends() {
    world.close();
  }

  @Test
  void an_address_that_is_guessed_is_not_found_whether_its_order_is_there_or_not() {
    String path = waiting();
    int tag = path.indexOf('-') + 1;
    char other = path.charAt(tag) == '0' ? '1' : '0';
    List<String> guesses =
        List.of(
            path.substring(0, tag - 1), // as earlier versions had it
            path.substring(0, tag) + other + path.substring(tag + 1),
            "/channel/wechat/payment/1-" + path.substring(tag),
            path.replace("/payment/", "/refund/"));
    Set<String> answers = new HashSet<>();
    for (String guess : guesses) {
      answers.add(answered(guess).body());
    }
    assertThat(answers).hasSize(1).first().asString().contains("NotFound");
  }

  @Test
  void who_guesses_without_end_is_told_to_stop_and_the_channel_is_heard_all_the_same()
      throws Exception {
    waiting();
    assertThat(statuses(posts("/channel/wechat/payment/1-" + "0".repeat(32), 60)))
        .contains(429)
        .isSubsetOf(404, 429);
    paid();
  }

  @Test
  void who_floods_an_order_s_own_address_is_refused_and_keeps_nobody_from_paying()
      throws Exception {
    String path = waiting();
    var answers = posts(path, 60);
    assertThat(statuses(answers)).containsExactly(200);
    assertThat(answers).allSatisfy(one -> assertThat(one.body()).contains("FAIL"));
    assertThat(answers).anySatisfy(one -> assertThat(one.body()).contains("too many"));
    paid();
  }

  // channels.md S16: whoever has the blocks of one notice can make others, and send them again
  @Test
  void a_hint_that_lies_about_the_end_of_a_refund_changes_nothing() throws Exception {
    waiting();
    paid();
    String number = lastNumber;
    assertThat(world.call("refund", CpayWorld.refund(number, "R", 40)).numbers()).isEqualTo("0/0");
    int before = refundState(number);
    assertThat(before).isNotEqualTo(Over.WECHAT.refunded);
    String path = world.noticePath(number, ChannelNotice.Kind.REFUND);
    for (int times = 0; times < 2; times++) {
      assertThat(taken(path, lie(number)).body()).contains("SUCCESS");
      assertThat(refundState(number)).isEqualTo(before);
    }
  }

  private int refundState(String number) {
    JsonNode found =
        world
            .call("query_refund_order", CpayWorld.query(number))
            .content()
            .get("query_refund_order");
    return Over.WECHAT.refundState(found.get("refund_order_content").get(0));
  }

  /// That the money has arrived, as the channel would hide it.
  private static byte[] lie(String number) throws GeneralSecurityException {
    String hidden =
        "<root><out_trade_no>%s</out_trade_no><out_refund_no>%sR</out_refund_no>"
                .formatted(number, number)
            + "<refund_id>5</refund_id><refund_fee>40</refund_fee><refund_status>SUCCESS</refund_status>"
            + "<success_time>2026-01-01 12:10:00</success_time></root>";
    byte[] md5 = MessageDigest.getInstance("MD5").digest(CpayWorld.WECHAT_KEY.getBytes(UTF_8));
    Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
    byte[] key = HexFormat.of().formatHex(md5).getBytes(UTF_8);
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    String info = Base64.getEncoder().encodeToString(cipher.doFinal(hidden.getBytes(UTF_8)));
    return ("<xml><return_code>SUCCESS</return_code><appid>wx00000000000000aa</appid><mch_id>1900000001</mch_id>"
            + "<sub_mch_id>1900000101</sub_mch_id><nonce_str>n</nonce_str><req_info>"
            + info
            + "</req_info></xml>")
        .getBytes(UTF_8);
  }

  /// What a notice is answered once there is room for it.
  private HttpResponse<String> taken(String path, byte[] body) {
    HttpResponse<String> answer = world.post(path, body);
    while (answer.body().contains("too many")) {
      answer = world.post(path, body);
    }
    return answer;
  }

  private Answer made;
  private String lastNumber = "";

  /// @return where the channel of a new order reports
  private String waiting() {
    String number = world.number();
    made = world.call("official_account_pay", world.pay(Over.WECHAT, number, 2590));
    lastNumber = number;
    return world.noticePath(number);
  }

  /// The payer of the last order pays, and the merchant hears of it.
  private void paid() throws InterruptedException {
    world.paid(Over.WECHAT, made);
    world.heard();
  }

  /// What a request is answered once there is room for it.
  private HttpResponse<String> answered(String path) {
    HttpResponse<String> answer = post(path);
    while (answer.statusCode() == 429) {
      answer = post(path);
    }
    return answer;
  }

  private HttpResponse<String> post(String path) {
    return world.post(path, "<xml><out_trade_no>1</out_trade_no></xml>".getBytes(UTF_8));
  }

  private List<HttpResponse<String>> posts(String path, int count) throws Exception {
    var calls = new ArrayList<Callable<HttpResponse<String>>>();
    for (int i = 0; i < count; i++) {
      calls.add(() -> post(path));
    }
    var answers = new ArrayList<HttpResponse<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var one : threads.invokeAll(calls)) {
        answers.add(one.get());
      }
    }
    return answers;
  }

  private static Set<Integer> statuses(List<HttpResponse<String>> answers) {
    var statuses = new HashSet<Integer>();
    answers.forEach(one -> statuses.add(one.statusCode()));
    return statuses;
  }
}
