package io.yunfu.channels.wechat;

import static io.yunfu.channels.wechat.World.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.channels.Operation;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bills of the simulator through the connector, under each of the bill's faults of `channels.md`
/// section 7.7.
class WechatBillIT {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);
  private static Sandbox sandbox;
  private World world;
  private final List<BillRow> rows = new ArrayList<>();

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.DEFAULT.withManualClock(NOON));
  }

  @BeforeEach
  void a_day_with_a_payment_and_a_refund_is_over() {
    sandbox.reset();
    use(SignType.MD5);
  }

  private void use(SignType type) {
    if (world != null) {
      world.close();
      sandbox.reset();
    }
    world = new World(sandbox, type);
    world.pay(world.prepay());
    sandbox.clock().advance(Duration.ofHours(1));
    World.done(world.perform(Operation.REFUND));
    sandbox.clock().advance(Duration.ofHours(22)); // 11:00 of the next day
  }

  @AfterEach
  void end() {
    world.close();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void a_bill_has_what_happened(SignType type) {
    use(type);
    var statement = statement(fetch());
    assertThat(rows).hasSize(2);
    var payment = rows.getFirst();
    assertThat(payment.kind()).isEqualTo(BillRow.Kind.PAY);
    assertThat(payment.outTradeNo()).isEqualTo(Fixture.ORDER);
    assertThat(payment.subMerchant()).contains(Fixture.SUB_MERCHANT);
    assertThat(payment.amount()).isEqualTo(101);
    assertThat(payment.at()).isEqualTo(NOON);
    var refund = rows.getLast();
    assertThat(refund.kind()).isEqualTo(BillRow.Kind.REFUND);
    assertThat(refund.transactionId()).isEqualTo(payment.transactionId());
    assertThat(refund.outRefundNo()).contains(Fixture.REFUND);
    assertThat(refund.refundId()).isPresent();
    assertThat(refund.amount()).isEqualTo(50);
    assertThat(refund.at()).isEqualTo(NOON.plus(Duration.ofHours(1)));
    assertThat(refund.status()).isEqualTo("SUCCESS");
    assertThat(statement.sums()).isEqualTo(new Bill.Sums(2, 51, 51, payment.fee() - refund.fee()));
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

  /// Its summary stays that of the right lines.
  @ParameterizedTest
  @ValueSource(strings = {"missing_row", "extra_row", "amount", "duplicate", "summary_wrong"})
  void what_does_not_add_up_is_unusable(String fault) {
    fault(fault);
    assertThat(World.done(fetch())).isInstanceOf(Bill.Unusable.class);
  }

  @Test
  void a_payment_that_the_bill_calls_revoked_is_read_as_that() {
    fault("status");
    statement(fetch());
    assertThat(rows.getFirst().kind()).isEqualTo(BillRow.Kind.PAY);
    assertThat(rows.getFirst().status()).isEqualTo("REVOKED");
  }

  @Test
  void no_bill_is_told_from_one_that_is_late_and_from_one_that_is_empty() {
    fault("no_bill");
    assertThat(World.done(fetch())).isInstanceOf(Bill.None.class);
    sandbox.faults().clear();
    fault("late");
    assertThat(fetch()).isInstanceOf(Answer.Unknown.class);
    sandbox.faults().clear();
    assertThat(World.done(fetch(DAY.minusDays(1)))).isInstanceOf(Bill.None.class);
    assertThat(rows).isEmpty();
  }

  @Test
  void a_day_that_is_not_over_is_a_question_that_a_person_has_to_look_at() {
    var answer = fetch(DAY.plusDays(1));
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    assertThat(((Answer.Refused<?>) answer).alert()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'kind': 'http', 'status': 502} | Unknown",
        "{'kind': 'http', 'status': 302, 'body': ''} | Unknown",
        "{'kind': 'reset_before'} | Unknown",
        "{'kind': 'reset_after'} | Unknown",
        "{'kind': 'garbage', 'what': 'truncated'} | Unknown",
        "{'kind': 'garbage', 'what': 'empty'} | Done",
      })
  void nothing_is_concluded_from(String effect, String outcome) {
    sandbox
        .faults()
        .add("{'channel': 'wechat', 'op': 'downloadbill', 'effect': %s}".formatted(effect));
    var answer = fetch();
    assertThat(answer.getClass().getSimpleName()).isEqualTo(outcome);
    if (answer instanceof Answer.Done<Bill>(Bill bill, var _)) {
      assertThat(bill).isInstanceOf(Bill.Unusable.class);
    }
  }

  @Test
  void no_answer_in_time_is_no_bill() {
    world.asking(World.IMPATIENT_FOR_BILLS, Optional.empty());
    sandbox.faults().add("{'channel': 'wechat', 'op': 'downloadbill', 'effect': 'timeout_after'}");
    assertThat(fetch()).isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void what_is_kept_of_a_refusal_shows_no_key() {
    fault("no_bill");
    var answer = fetch();
    assertThat(answer.evidence().operation()).isEqualTo("downloadbill");
    assertThat(answer.evidence().answer()).contains("20002").doesNotContain(Fixture.KEY);
    assertThat(answer.evidence().verified()).as("nobody signs it").isFalse();
  }

  private Answer<Bill> fetch() {
    return fetch(DAY);
  }

  private Answer<Bill> fetch(LocalDate day) {
    rows.clear();
    return world.connector().bill(world.account(), day, rows::add);
  }

  private static Bill.Statement statement(Answer<Bill> answer) {
    return (Bill.Statement) World.done(answer);
  }

  private static void fault(String fault) {
    sandbox
        .faults()
        .add("{'channel': 'wechat', 'effect': {'kind': 'bill', 'fault': '%s'}}".formatted(fault));
  }
}
