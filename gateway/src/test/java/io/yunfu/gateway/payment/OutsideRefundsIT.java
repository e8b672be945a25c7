package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.FakeAlipay;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.Money;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Money that goes back in the channel's own console is in our books as soon as the channel tells
/// of it, once, and a person sees it.
class OutsideRefundsIT {
  private static final String NUMBER = "gz0200abcd20260301000001";
  private static final int TOTAL = 2590;

  private final TestGateway gateway =
      new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
  private final TestGateway.Node node = gateway.first();

  @AfterEach
  void books_are_in_order() {
    assertThat(gateway.findings()).isEmpty();
    gateway.close();
  }

  // WeChat Pay

  @Test
  void a_refund_that_a_look_hears_of_is_booked_under_the_channel_s_number() {
    paidAtWechat();
    outside("console-1", 590, RefundReport.State.SUCCESS);
    look();
    look();
    assertThat(order().state()).isEqualTo(OrderState.REFUNDED);
    assertThat(order().state().number(order().platform())).isEqualTo(4);
    assertThat(refunds())
        .singleElement()
        .satisfies(refund -> {
          assertThat(refund.outRefundNo()).isEqualTo("console-1");
          assertThat(refund.channelRefundId()).contains("rconsole-1");
          assertThat(refund.state()).isEqualTo(RefundState.SUCCESS);
          assertThat(refund.amount()).isEqualTo(Money.cny(590));
          assertThat(cases(PaymentCase.Kind.CHANNEL_REFUND))
              .singleElement()
              .satisfies(one -> assertThat(one.refund()).contains(refund.id()));
        });
    assertThat(gateway.payable()).isEqualTo(2000 - 12);
    agrees();
    assertThat(gateway.sum("select count(*) as n from merchant_notice where kind = 'refund'"))
        .isOne();
  }

  @Test
  void a_refund_on_its_way_is_booked_when_it_arrives() {
    paidAtWechat();
    gateway.wechat.refundsEndAs(RefundReport.State.PROCESSING);
    outside("console-1", 590, RefundReport.State.PROCESSING);
    look();
    assertThat(refunds().getFirst().state()).isEqualTo(RefundState.ACCEPTED);
    assertThat(order().reserved()).isEqualTo(590);
    assertThat(gateway.payable()).isEqualTo(TOTAL - 16);
    gateway.wechat.refundsEndAs(RefundReport.State.SUCCESS);
    gateway.workFor(node, Duration.ofMinutes(2));
    assertThat(refunds().getFirst().state()).isEqualTo(RefundState.SUCCESS);
    assertThat(gateway.payable()).isEqualTo(2000 - 12);
  }

  @Test
  void many_are_booked_beside_ours_and_ours_once() {
    paidAtWechat();
    gateway.refund(node, NUMBER, "R1", 100);
    for (int i = 0; i < 12; i++) {
      outside("console-" + i, 50, RefundReport.State.SUCCESS);
    }
    outside("closed", 50, RefundReport.State.CLOSED);
    look();
    gateway.workFor(node, Duration.ofMinutes(5));
    look();
    assertThat(refunds()).hasSize(13);
    assertThat(order().refunded()).isEqualTo(700);
    assertThat(cases(PaymentCase.Kind.CHANNEL_REFUND)).hasSize(12);
    agrees();
  }

  @Test
  void what_the_merchant_asks_for_by_the_console_s_number_is_found() {
    paidAtWechat();
    outside("console-1", 590, RefundReport.State.SUCCESS);
    var found =
        node.payments
            .refunds()
            .find(gateway.merchant(node), Optional.of(NUMBER), Optional.of("console-1"));
    assertThat(found).isPresent();
    assertThat(found.get().refunds()).hasSize(1);
    assertThat(found.get().order().refunded()).isEqualTo(590);
    assertThat(gateway.refund(node, NUMBER, "console-1", 590))
        .isEqualTo(new Refunds.Outcome.NumberUsed());
  }

  @Test
  void a_refund_of_ours_that_is_refused_since_all_has_gone_back_tells_why() {
    paidAtWechat();
    outside("console-1", TOTAL, RefundReport.State.SUCCESS);
    assertThat(gateway.refund(node, NUMBER, "R1", TOTAL))
        .isInstanceOf(Refunds.Outcome.ChannelRefused.class);
    assertThat(order().refunded()).isEqualTo(TOTAL);
    assertThat(order().reserved()).isEqualTo(TOTAL);
    assertThat(gateway.payable()).isZero();
    agrees();
  }

  @Test
  void what_does_not_fit_beside_a_refund_of_ours_waits_until_that_is_refused() {
    paidAtWechat();
    gateway.wechat.goDeaf(true);
    assertThat(gateway.refund(node, NUMBER, "R1", 2000))
        .isInstanceOf(Refunds.Outcome.Unknown.class);
    gateway.wechat.goDeaf(false);
    outside("console-1", 1000, RefundReport.State.SUCCESS);
    look();
    assertThat(order().reserved()).isEqualTo(2000);
    assertThat(cases(PaymentCase.Kind.CHANNEL_REFUND)).hasSize(1);
    gateway.workFor(node, Duration.ofMinutes(5)); // sent again, and refused
    assertThat(order().reserved()).isEqualTo(1000);
    assertThat(order().refunded()).isEqualTo(1000);
    agrees();
  }

  @Test
  void a_second_payment_s_refund_is_not_the_order_s() {
    paidAtWechat();
    gateway.pay(node, NUMBER, "42000002");
    gateway.workFor(node, Duration.ofMinutes(5));
    look();
    assertThat(order().refunded()).isZero();
    assertThat(cases(PaymentCase.Kind.CHANNEL_REFUND)).isEmpty();
  }

  @Test
  void a_channel_that_does_not_tell_which_leaves_it_to_a_person() {
    paidAtWechat();
    outside("console-1", 590, RefundReport.State.SUCCESS);
    gateway.wechat.listNoRefunds(true);
    look();
    look();
    assertThat(cases(PaymentCase.Kind.CHANNEL_REFUND)).hasSize(1);
    assertThat(refunds()).isEmpty();
    gateway.wechat.listNoRefunds(false);
    look();
    assertThat(order().refunded()).isEqualTo(590);
  }

  @Test
  void many_who_hear_of_it_at_once_book_it_once() throws Exception {
    paidAtWechat();
    outside("console-1", 590, RefundReport.State.SUCCESS);
    List<Callable<Object>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(() -> gateway.operate(node).look(TestGateway.ANN, order().id()));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(all)) {
        done.get();
      }
    }
    assertThat(refunds()).hasSize(1);
    assertThat(gateway.sum("select count(*) as n from posting where kind = 'refund'")).isOne();
  }

  @Test
  void what_of_a_top_up_went_back_is_borne_by_the_house_until_a_person_has_seen_it() {
    gateway.place(node, NUMBER, TOTAL, Optional.of(gateway.owner(700_000_001)));
    gateway.pay(node, NUMBER, "42000001");
    outside("console-1", 590, RefundReport.State.SUCCESS);
    look();
    assertThat(gateway.sum("select coalesce(sum(cash), 0) as n from account")).isEqualTo(TOTAL);
    assertThat(
            gateway.sum(
                "select coalesce(sum(amount), 0) as n from entry where pocket = 'adjustment'"))
        .isEqualTo(590);
    assertThat(cases(PaymentCase.Kind.CHANNEL_REFUND)).hasSize(1);
    agrees();
  }

  // Alipay

  @Test
  void a_refund_that_alipay_s_notice_names_is_booked() {
    paidAtAlipay();
    gateway.alipay.refundOutside(NUMBER, "console-1", 590);
    assertThat(noticeOfAlipay()).isTrue();
    assertThat(noticeOfAlipay()).isTrue();
    assertThat(order().state()).isEqualTo(OrderState.PAID); // a part
    assertThat(order().refunded()).isEqualTo(590);
    assertThat(refunds()).extracting(Refund::outRefundNo).containsExactly("console-1");
    assertThat(cases(PaymentCase.Kind.CHANNEL_REFUND)).hasSize(1);
    assertThat(gateway.payable()).isEqualTo(2000 - 12);
  }

  @Test
  void what_is_left_of_a_trade_that_alipay_closed_has_gone_back() {
    paidAtAlipay();
    gateway.refund(node, NUMBER, "R1", 90);
    gateway.alipay.refundOutside(NUMBER, "console-1", 500);
    gateway.alipay.refundOutside(NUMBER, "console-2", 2000);
    look(); // names neither of them
    assertThat(order().state()).isEqualTo(OrderState.REFUNDED);
    assertThat(order().refunded()).isEqualTo(TOTAL);
    assertThat(refunds()).hasSize(2);
    assertThat(gateway.payable()).isZero();
    assertThat(cases(PaymentCase.Kind.CHANNEL_REFUND)).hasSize(1);
    look();
    assertThat(refunds()).hasSize(2);
  }

  @Test
  void a_refund_of_all_of_a_trade_without_a_number_has_the_order_s() {
    paidAtAlipay();
    gateway.alipay.refundOutside(NUMBER, NUMBER, TOTAL);
    look();
    assertThat(refunds()).extracting(Refund::outRefundNo).containsExactly(NUMBER);
    assertThat(gateway.payable()).isZero();
  }

  @Test
  void the_rest_is_not_taken_for_gone_while_a_refund_of_ours_is_under_way() {
    paidAtAlipay();
    gateway.alipay.refundsComeToNothing(true);
    assertThat(gateway.refund(node, NUMBER, "R1", 590)).isInstanceOf(Refunds.Outcome.Unknown.class);
    gateway.alipay.refundsComeToNothing(false);
    gateway.alipay.refundOutside(NUMBER, "console-1", TOTAL);
    look();
    assertThat(order().refunded()).isZero();
    assertThat(cases(PaymentCase.Kind.CHANNEL_REFUND)).hasSize(1);
    gateway.workFor(node, Duration.ofMinutes(5)); // ours is refused: all has gone
    assertThat(order().refunded()).isEqualTo(TOTAL);
    assertThat(gateway.payable()).isZero();
  }

  private void paidAtWechat() {
    gateway.place(node, NUMBER, TOTAL);
    gateway.pay(node, NUMBER, "42000001");
  }

  private void paidAtAlipay() {
    gateway.placeAtAlipay(node, NUMBER, TOTAL);
    gateway.alipay.pay(NUMBER, TestGateway.NOW);
    assertThat(noticeOfAlipay()).isTrue();
  }

  private boolean noticeOfAlipay() {
    return gateway.notice(node, NUMBER, FakeAlipay.notice(NUMBER));
  }

  private void outside(String number, long fen, RefundReport.State state) {
    gateway.wechat.refundOutside(NUMBER, number, Money.cny(fen), state);
  }

  private void look() {
    assertThat(gateway.operate(node).look(TestGateway.ANN, order().id())).isPresent();
  }

  /// Our books and WeChat Pay's.
  private void agrees() {
    assertThat(gateway.clearing())
        .isEqualTo(gateway.wechat.holds() - gateway.wechat.fees(TestGateway.FEE_PPM).cents());
  }

  private PaymentOrder order() {
    return gateway.order(NUMBER);
  }

  private List<Refund> refunds() {
    return node.payments.listRefunds(PaymentFilter.all(), Optional.empty(), 100).stream()
        .filter(one -> !one.state().equals(RefundState.FAILED) && one.transactionId().isEmpty())
        .toList();
  }

  private List<PaymentCase> cases(PaymentCase.Kind kind) {
    return node.payments.cases(
        new PaymentCase.Filter(true, Optional.of(kind), 0, 0), Optional.empty(), 100);
  }
}
