package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.record.Exchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The same seed and the same calls give the same bytes: channels.md, section 7.6.
class DeterminismTest {
  private static final SandboxSettings SETTINGS =
      SandboxSettings.DEFAULT.withManualClock(SandboxTest.NOON);

  @Test
  void a_run_can_be_repeated_byte_for_byte() {
    List<String> first = fresh(1);
    assertThat(fresh(1)).isEqualTo(first);
    assertThat(fresh(2)).isNotEqualTo(first);
  }

  @Test
  void a_reset_simulator_is_like_a_fresh_one() {
    try (var sandbox = Sandbox.start(SETTINGS)) {
      List<String> first = run(sandbox);
      sandbox.reset();
      assertThat(run(sandbox)).isEqualTo(first);
    }
  }

  @Test
  void another_run_of_the_same_seed_has_other_numbers_and_the_same_people() {
    var prepaid = new ArrayList<String>();
    var people = new ArrayList<String>();
    for (long run = 1; run <= 2; run++) {
      try (var sandbox = Sandbox.start(SETTINGS)) {
        sandbox.vary(run);
        var provider = new Provider(sandbox);
        prepaid.add(provider.prepay(provider.order("number")));
        people.add(provider.openid("alice"));
      }
    }
    assertThat(prepaid).doesNotHaveDuplicates();
    assertThat(people.getFirst()).isEqualTo(people.getLast());
  }

  private static List<String> fresh(long seed) {
    try (var sandbox = Sandbox.start(SETTINGS.withSeed(seed))) {
      return run(sandbox);
    }
  }

  /// Everything that a day leaves behind: answers, notices, postings.
  private static List<String> run(Sandbox sandbox) {
    var provider = new Provider(sandbox);
    sandbox
        .faults()
        .add(
            "{'op': 'orderquery', 'match': {'probability': 0.5}, 'effect': {'kind': 'error', 'code': 'SYSTEMERROR'}}");
    for (int i = 0; i < 20; i++) {
      Map<String, String> order = provider.order("number" + i);
      order.put("time_expire", "20260101" + (1300 + i) + "00");
      order.put("notify_url", "http://127.0.0.1:9/nobody"); // so that there are retries
      String prepay = provider.prepay(order);
      if (i % 3 == 0) {
        sandbox.pay("wechat", prepay, "alice", new Action.Success());
        provider.refund("number" + i, "refund" + i, 101, 1 + i);
      } else if (i % 3 == 1) {
        sandbox.pay(
            "wechat", prepay, "alice", new Action.Pending(Duration.ofMinutes(i), i % 2 == 0));
      }
      provider.query("number" + i);
      sandbox.clock().advance(Duration.ofMinutes(3));
    }
    sandbox.clock().advance(Duration.ofDays(2));
    provider.query("number1");
    List<String> left = new ArrayList<>();
    for (Exchange exchange : sandbox.requests().all()) {
      left.add(exchange.id() + " " + new String(exchange.answer(), StandardCharsets.UTF_8));
    }
    sandbox
        .notices()
        .all()
        .forEach(notice ->
            left.add(
                notice.id()
                    + " "
                    + new String(notice.draft().body(), StandardCharsets.UTF_8)
                    + notice.attempts().stream().map(each -> each.planned().toString()).toList()));
    sandbox.ledger().latest().forEach(posting -> left.add(posting.toString()));
    return left;
  }
}
