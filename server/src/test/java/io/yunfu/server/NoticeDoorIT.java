package io.yunfu.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.CpayWorld.Over;
import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.simulator.SandboxSettings;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The addresses at which channels report, on a whole server: what strangers send there changes
/// nothing and keeps no notice away. Source: `channels.md` section 9, S20.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoticeDoorIT {
  private CpayWorld world;

  @BeforeAll
  void starts() throws Exception {
    world =
        new CpayWorld(
            SandboxSettings.DEFAULT,
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

  private Answer made;

  /// @return where the channel of a new order reports
  private String waiting() {
    String number = world.number();
    made = world.call("official_account_pay", world.pay(Over.WECHAT, number, 100));
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
