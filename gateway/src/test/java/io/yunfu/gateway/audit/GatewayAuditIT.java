package io.yunfu.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.TestGateway;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.LedgerAuditStore;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An audit that finds nothing proves nothing unless it finds what is broken: each rule is broken
/// once, behind the program's back, and must be named.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayAuditIT {
  private static final String ORDER = "gz0200abcd20260301%06d";
  private static final String WAITING = ORDER.formatted(1);
  private static final String PAID = ORDER.formatted(2);
  private static final String PARTLY_REFUNDED = ORDER.formatted(3);
  private static final String TOP_UP = ORDER.formatted(4);
  private static final String PAID_TWICE = ORDER.formatted(5);
  private static final String CLOSED = ORDER.formatted(6);
  private static final String LATE = ORDER.formatted(7);
  private static final String ABNORMAL = ORDER.formatted(8);
  private static final String COUPON = ORDER.formatted(9);
  private static final String COUPON_TOP_UP = ORDER.formatted(10);

  private TestGateway gateway;

  /// One order of every fate.
  @BeforeAll
  void books() {
    gateway = new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
    var node = gateway.first();
    var owner = gateway.owner(700_000_001);
    for (String order :
        List.of(PAID, PARTLY_REFUNDED, PAID_TWICE, CLOSED, LATE, ABNORMAL, COUPON)) {
      gateway.place(node, order, 2590);
    }
    gateway.place(node, TOP_UP, 1000, Optional.of(owner));
    gateway.place(node, COUPON_TOP_UP, 1000, Optional.of(owner));
    gateway.pay(node, PAID, "4201");
    gateway.pay(node, PARTLY_REFUNDED, "4202");
    gateway.pay(node, TOP_UP, "4203");
    gateway.pay(node, PAID_TWICE, "4204");
    gateway.pay(node, PAID_TWICE, "4205");
    gateway.pay(node, ABNORMAL, "4206");
    gateway.payWithCoupon(node, COUPON, "4208", 500);
    gateway.payWithCoupon(node, COUPON_TOP_UP, "4209", 100);
    gateway.refund(node, COUPON, "R3", 590);
    gateway.refund(node, PARTLY_REFUNDED, "R1", 590);
    gateway.workFor(node, Duration.ofMinutes(4));
    gateway.wechat.refundsEndAs(RefundReport.State.ABNORMAL);
    gateway.refund(node, ABNORMAL, "R2", 100);
    gateway.workFor(node, Duration.ofMinutes(10));
    gateway.wechat.refundsEndAs(RefundReport.State.SUCCESS);
    gateway.pay(node, LATE, "4207");
    gateway.workFor(node, Duration.ofMinutes(4));
    gateway.place(node, WAITING, 100);
    // Two of the notices have come to their end.
    damage(
        "update merchant_notice set attempts = 1, state = 'delivered', ended_at = now() where "
            + of(PAID));
    damage(
        "insert into notice_attempt select notice_id, 1, now(), 1, 200, 'taken' from merchant_notice where "
            + of(PAID));
    damage(
        "update merchant_notice set attempts = 4, state = 'undelivered', last_error = 'none', ended_at = now() where "
            + of(TOP_UP));
  }

  private static String of(String order) {
    return "payment_id = (select payment_id from payment where out_trade_no = '" + order + "')";
  }

  @AfterAll
  void close() {
    gateway.close();
  }

  @Test
  void every_fate_is_there_and_sound_books_have_no_findings() {
    assertThat(gateway.order(WAITING).state()).isEqualTo(OrderState.WAITING);
    assertThat(gateway.order(PAID).state()).isEqualTo(OrderState.PAID);
    assertThat(gateway.order(PARTLY_REFUNDED).refunded()).isEqualTo(590);
    assertThat(gateway.order(TOP_UP).state()).isEqualTo(OrderState.PAID);
    assertThat(gateway.order(CLOSED).state()).isEqualTo(OrderState.CLOSED);
    assertThat(gateway.order(LATE).refunded()).isEqualTo(2590);
    assertThat(gateway.order(COUPON).settlementRefunded()).isEqualTo(590 - 113);
    assertThat(gateway.order(COUPON_TOP_UP).settlement()).isEqualTo(900);
    assertThat(gateway.wechat.returned("4205")).isEqualTo(2590);
    assertThat(gateway.findings()).isEmpty();
    assertThat(gateway.clearing())
        .isEqualTo(gateway.wechat.holds() - gateway.wechat.fees(TestGateway.FEE_PPM).cents());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update posting set kind = 'adjust' where kind = 'collect' | A paid order has its posting",
        "update posting set memo = 'x' where kind = 'recharge' | A paid order has its posting",
        "update leg set amount = amount + 1 where line = 0 and posting_id in (select posting_id from payment)"
            + " | A paid sale was collected for its merchant, once, less the channel's fee",
        "update leg set amount = amount + 1 where line = 1 and posting_id in (select posting_id from payment)"
            + " | A paid sale was collected for its merchant, once, less the channel's fee",
        "delete from leg where line = 1 and posting_id in (select posting_id from payment)"
            + " | A paid sale was collected for its merchant, once, less the channel's fee",
        "update leg set debit_pocket = 'alipay' where debit_pocket = 'wechat'"
            + " | A paid sale was collected for its merchant, once, less the channel's fee",
        "update leg set subject = 'payment/another' where line = 0"
            + " | A paid sale was collected for its merchant, once, less the channel's fee",
        "update leg set amount = amount - 1 where credit_pocket = 'cash' | A paid top-up credited its owner, once, and the house bore the channel's fee",
        "update leg set credit_uin = 700000002 where credit_pocket = 'cash' | A paid top-up credited its owner, once, and the house bore the channel's fee",
        "update leg set amount = amount + 1 where debit_pocket = 'fees'"
            + " | A paid top-up credited its owner, once, and the house bore the channel's fee",
        "update leg set debit_pocket = 'adjustment' where debit_pocket = 'gift'"
            + " | A paid top-up credited its owner, once, and the house bore the channel's fee",
        "update payment set settlement = 2089 where settlement = 2090"
            + " | What a channel owes for a payment, and takes back for a refund, is what it said",
        "update payment set settlement = 2089 where settlement = 2090"
            + " | A paid sale was collected for its merchant, once, less the channel's fee",
        "update payment_refund set settlement = settlement - 1 where settlement < amount"
            + " | What an order says of its refunds is what they come to",
        "update payment_refund set settlement = settlement - 1 where settlement < amount"
            + " | A refund that has arrived went from the merchant to the channel, once, and its part of the fee came back",
        "update payment_refund set report = jsonb_build_object('settlement', jsonb_build_object('cents', 1))"
            + " where state = 'success'"
            + " | What a channel owes for a payment, and takes back for a refund, is what it said",
        "update posting set kind = 'adjust' where kind = 'refund' | A refund that has arrived has its posting",
        "update leg set amount = amount + 1 where posting_id in (select posting_id from payment_refund)"
            + " | A refund that has arrived went from the merchant to the channel, once, and its part of the fee came back",
        "delete from leg where line = 1 and posting_id in (select posting_id from payment_refund)"
            + " | A refund that has arrived went from the merchant to the channel, once, and its part of the fee came back",
        "insert into posting values (1, 'collect', 'channel:wechat', 'notice', 'x', now())"
            + " | No posting in a channel's name without its order or refund",
        "insert into posting values (1, 'recharge', 'channel:wechat', 'notice', 'x', now())"
            + " | No posting in a channel's name without its order or refund",
        "update payment set refunded = refunded + 1, reserved = reserved + 1 where refunded = 590"
            + " | What an order says of its refunds is what they come to",
        "update payment_refund set amount = amount + 1 where transaction_id is null"
            + " | What an order says of its refunds is what they come to",
        "update payment set fee_ppm = 5000 where fee_ppm > 0 | The channel keeps its rate of what is left of a payment",
        "update payment_refund set fee_back = fee_back - 1 where fee_back > 0"
            + " | The channel keeps its rate of what is left of a payment",
        "update payment set transaction_id = '4201' where paid_at is not null"
            + " | One transaction of a channel paid one order",
        "update payment set payment = null where paid_at is not null"
            + " | An order's state agrees with what is known of it",
        "update payment set prepaid = null where state = 'waiting' | An order's state agrees with what is known of it",
        "update payment set closed_at = null where state = 'closed' | An order's state agrees with what is known of it",
        "update payment set state = 'waiting' where state = 'closed'"
            + " | An order's state agrees with what is known of it",
        "update payment set state = 'paid' where state = 'refunded'"
            + " | An order's state agrees with what is known of it",
        "update payment set state = 'refunded' where state = 'paid'"
            + " | An order's state agrees with what is known of it",
        "update payment_refund set sent_at = null where state = 'success'"
            + " | A refund's state agrees with what is known of it",
        "update payment set due_at = null where state = 'waiting' | What has not come to its end is looked at again",
        "with gone as (delete from payment_case where kind = 'refund_abnormal')"
            + " update payment_refund set due_at = null where state = 'abnormal'"
            + " | What has not come to its end is looked at again",
        "delete from payment_case where kind = 'refund_abnormal' | What is out of the ordinary has its case",
        "update payment_refund set state = 'unknown' where state = 'abnormal'"
            + " | What is out of the ordinary has its case",
        "delete from payment_case where kind = 'late_payment' | What is out of the ordinary has its case",
        "delete from payment_case where kind = 'double_payment' | What is out of the ordinary has its case",
        "update payment_refund set payment_id = (select max(payment_id) from payment)"
            + " | An order, its refunds, its notices and its attempts belong together",
        "delete from merchant_notice where state = 'queued' | What a merchant is to be told is in the outbox, and nothing else",
        "update merchant_notice set refund_id = null, kind = 'payment',"
            + " payment_id = (select payment_id from payment where state = 'waiting')"
            + " where refund_id = (select min(refund_id) from merchant_notice)"
            + " | What a merchant is to be told is in the outbox, and nothing else",
        "delete from notice_attempt"
            + " | A notice that was taken has the attempt that says so, and one that was not has its reason",
        "update merchant_notice set last_error = ''"
            + " | A notice that was taken has the attempt that says so, and one that was not has its reason",
        "update merchant_notice set attempts = 0 | Attempts of a notice are numbered as they were begun",
      })
  void a_broken_rule_is_named(String damage, String rule) {
    var found = new ArrayList<Finding>();
    try {
      gateway
          .cell
          .database()
          .execute(tx -> {
            assertThat(tx.update(damage)).as("rows damaged").isPositive();
            found.addAll(new LedgerAuditStore().findings(tx));
            found.addAll(new GatewayAuditStore().findings(tx));
            throw new Undo();
          });
    } catch (Undo e) {
      // As meant.
    }
    assertThat(found).extracting(Finding::rule).contains(rule);
  }

  private void damage(String sql) {
    gateway.cell.database().execute(tx -> tx.update(sql));
  }

  private static final class Undo extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
