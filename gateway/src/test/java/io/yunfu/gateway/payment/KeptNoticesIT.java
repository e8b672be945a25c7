package io.yunfu.gateway.payment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.payment.KeptNotice.Verdict;
import io.yunfu.kernel.Uin;
import io.yunfu.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is kept of that which channels report.
class KeptNoticesIT {
  private static final String NUMBER = "gz0200abcd20260301000001";
  private static final String REFUND = "gz0200abcdR20260301000001";

  private final TestGateway gateway = new TestGateway(Optional.empty());
  private final ManualClock clock = gateway.clock;
  private final TestGateway.Node node = gateway.first();

  @AfterEach
  void books_are_in_order() {
    assertThat(gateway.findings()).isEmpty();
    gateway.close();
  }

  @Test
  void what_is_genuine_is_kept_once_and_nobody_reads_it_in_the_database() {
    gateway.place(node, NUMBER, 100);
    gateway.pay(node, NUMBER, "42000001");
    clock.advance(Duration.ofSeconds(15));
    assertThat(gateway.notice(node, NUMBER)).isTrue();
    assertThat(kept())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.verdict()).isEqualTo(Verdict.VERIFIED);
          assertThat(one.at()).isEqualTo(new KeptNotice.Position(TestGateway.NOW, "42000001/PAID"));
          assertThat(one.text()).isEqualTo("masked about " + NUMBER);
          assertThat(one.sha256()).hasSize(64);
        });
    assertThat(
            gateway.sum(
                "select count(*) as n from channel_notice where position('about'::bytea in ciphertext) = 0"
                    + " and length(ciphertext) > 16"))
        .isEqualTo(1);
  }

  @Test
  void fifty_copies_at_the_same_time_are_one() throws Exception {
    gateway.place(node, NUMBER, 100);
    gateway.wechat.pay(NUMBER, "42000001", order().total(), TestGateway.NOW);
    Callable<Boolean> notice = () -> gateway.notice(node, NUMBER);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(Collections.nCopies(50, notice))) {
        assertThat(answer.get()).isTrue();
      }
    }
    assertThat(order().state()).isEqualTo(OrderState.PAID);
    assertThat(gateway.payable()).isEqualTo(99);
    assertThat(kept()).hasSize(1);
  }

  @Test
  void a_number_of_alipay_s_that_was_heard_is_taken_again_and_changes_nothing() {
    gateway.placeAtAlipay(node, NUMBER, 100);
    assertThat(gateway.alipayNotice(node, NUMBER)).isTrue(); // the payer has not paid yet
    gateway.alipay.pay(NUMBER, TestGateway.NOW);
    assertThat(gateway.alipayNotice(node, NUMBER)).isTrue();
    assertThat(order().state()).isEqualTo(OrderState.WAITING);
    gateway.alipay.numberNoticesAnew();
    assertThat(gateway.alipayNotice(node, NUMBER)).isTrue();
    assertThat(order().state()).isEqualTo(OrderState.PAID);
    assertThat(kept()).extracting(one -> one.at().key()).containsExactly("notice-2", "notice-1");
  }

  @Test
  void a_notice_whose_effect_was_rolled_back_is_not_known() {
    var owner = new Uin(700_000_001);
    gateway.place(node, NUMBER, 100, Optional.of(owner));
    gateway.wechat.pay(NUMBER, "42000001", order().total(), TestGateway.NOW);
    assertThatThrownBy(() -> gateway.notice(node, NUMBER)).hasMessageContaining("is gone");
    assertThat(kept()).isEmpty();
    gateway.owner(owner.value());
    assertThat(gateway.notice(node, NUMBER)).isTrue();
    assertThat(order().state()).isEqualTo(OrderState.PAID);
    assertThat(kept()).hasSize(1);
  }

  @Test
  void of_what_is_rejected_a_few_digests_are_kept_and_nothing_that_a_stranger_wrote() {
    gateway.place(node, NUMBER, 100);
    for (int i = 0; i < 3 * NoticeFile.MOST_REJECTED; i++) {
      assertThat(forged("forged " + i)).isFalse();
      assertThat(forged("forged " + i)).isFalse();
    }
    assertThat(kept())
        .hasSize(NoticeFile.MOST_REJECTED)
        .allSatisfy(one -> {
          assertThat(one.verdict()).isEqualTo(Verdict.REJECTED);
          assertThat(one.why()).isEqualTo("the signature is wrong");
          assertThat(one.text()).isEmpty();
        })
        .extracting(KeptNotice::sha256)
        .doesNotHaveDuplicates();
    gateway.pay(node, NUMBER, "42000001");
    assertThat(kept()).hasSize(NoticeFile.MOST_REJECTED + 1);
  }

  @Test
  void a_hint_is_kept_once_and_asked_about_each_time_and_one_about_no_refund_is_not_kept() {
    gateway.place(node, NUMBER, 100);
    gateway.pay(node, NUMBER, "42000001");
    gateway.wechat.refundsEndAs(RefundReport.State.PROCESSING);
    gateway.refund(node, NUMBER, REFUND, 40);
    gateway.refundNotice(node, NUMBER, "nobody-s");
    gateway.refundNotice(node, NUMBER, REFUND);
    assertThat(order().refunded()).isZero(); // it lied
    gateway.wechat.refundsEndAs(RefundReport.State.SUCCESS);
    gateway.refundNotice(node, NUMBER, REFUND);
    assertThat(order().refunded()).isEqualTo(40);
    assertThat(kept())
        .filteredOn(one -> one.verdict() == Verdict.HINT)
        .extracting(one -> one.at().key())
        .containsExactly(REFUND + "/SUCCESS");
  }

  @Test
  void what_is_old_is_deleted_in_small_steps_and_what_is_not_stays() {
    gateway.place(node, NUMBER, 100);
    gateway.pay(node, NUMBER, "42000001");
    Instant old = TestGateway.NOW.minus(GatewaySettings.USUAL_KEEP_NOTICES).minusSeconds(1);
    long payment = order().id();
    gateway
        .cell
        .database()
        .execute(tx ->
            tx.update(
                """
                insert into channel_notice (payment_id, notice_key, kind, verdict, heard_at, sha256)
                select ?, 'old/' || n, 'payment', 'rejected', ?, sha256('x'::bytea)
                  from generate_series(1, ?) n
                """,
                payment,
                old,
                PaymentWorker.FORGET + 1));
    var worker = node.payments.workers().get(gateway.cell.id().value());
    worker.forgetNotices(clock.instant());
    assertThat(rows()).isEqualTo(2);
    worker.forgetNotices(clock.instant());
    assertThat(kept()).extracting(KeptNotice::verdict).containsExactly(Verdict.VERIFIED);
    clock.advance(GatewaySettings.USUAL_KEEP_NOTICES);
    worker.forgetNotices(clock.instant());
    assertThat(rows()).isEqualTo(1); // not longer than that yet
    clock.advance(Duration.ofMinutes(2));
    worker.forgetNotices(clock.instant());
    assertThat(rows()).isZero();
  }

  @Test
  void a_list_goes_on_after_its_last_one() {
    gateway.place(node, NUMBER, 100);
    forged("forged 1");
    forged("forged 2");
    clock.advance(Duration.ofSeconds(1));
    gateway.pay(node, NUMBER, "42000001");
    var all = kept();
    assertThat(all).hasSize(3).extracting(KeptNotice::verdict).startsWith(Verdict.VERIFIED);
    for (int i = 0; i < 2; i++) {
      assertThat(node.payments.channelNotices(order(), Optional.of(all.get(i).at()), 1))
          .containsExactly(all.get(i + 1));
    }
  }

  private boolean forged(String text) {
    return gateway.notice(node, NUMBER, (text + " about " + NUMBER).getBytes(UTF_8));
  }

  private List<KeptNotice> kept() {
    return node.payments.channelNotices(order(), Optional.empty(), 100);
  }

  private long rows() {
    return gateway.sum("select count(*) as n from channel_notice");
  }

  private PaymentOrder order() {
    return gateway.order(NUMBER);
  }
}
