package io.yunfu.channels.wechat;

import static io.yunfu.channels.wechat.World.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.channels.Operation;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.Money;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.notice.NoticeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The connector against the simulator, over TLS with a client certificate: the life of an order,
/// and then each way of `channels.md` section 7.7 in which WeChat Pay can misbehave. A lie is never
/// believed, what may have arrived is never "not sent", and silence is never a refusal.
class WechatSimulatorIT {
  private static Sandbox sandbox;
  private World world;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(settings());
  }

  @BeforeEach
  void begin() {
    sandbox.reset();
    world = new World(sandbox, SignType.MD5);
  }

  @AfterEach
  void end() {
    assertThat(sandbox.proof().holds()).as("the channel's books balance").isTrue();
    world.close();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  private static SandboxSettings settings() {
    return SandboxSettings.DEFAULT
        .withManualClock(NOON)
        .withNotices(new NoticeSettings(NoticeSettings.Mode.REAL, 1, Duration.ofSeconds(5), true));
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void an_order_lives_from_its_creation_to_its_refund(SignType type) {
    use(type);
    var prepaid = world.prepay();
    assertThat(order().state()).isEqualTo(OrderReport.State.WAITING);
    world.pay(prepaid);
    world.drain();
    assertThat(world.peeked())
        .containsExactly(Optional.of(new ChannelNotice.Subject(Optional.of(Fixture.ORDER))));
    var told = ((ChannelNotice.AboutOrder) world.heard().getFirst()).report().paid().orElseThrow();
    assertThat(told.total()).isEqualTo(Money.cny(101));
    assertThat(told.paidAt()).contains(NOON);

    var asked = order();
    assertThat(asked.state()).isEqualTo(OrderReport.State.PAID);
    assertThat(asked.paid().orElseThrow().transactionId()).isEqualTo(told.transactionId());
    assertThat(((OrderReport.WechatDetail) asked.paid().orElseThrow().detail()).attach())
        .isEqualTo("shop 7");

    var accepted = (RefundReport) World.done(world.perform(Operation.REFUND));
    assertThat(accepted.state()).isEqualTo(RefundReport.State.PROCESSING);
    assertThat(accepted.amount()).contains(Money.cny(50));
    assertThat(refund().state()).isEqualTo(RefundReport.State.PROCESSING);
    sandbox.clock().advance(Duration.ofSeconds(4));
    world.drain();
    var hint = ((ChannelNotice.RefundHint) world.heard().getLast()).report();
    assertThat(hint.state()).isEqualTo(RefundReport.State.SUCCESS);
    assertThat(hint.outRefundNo()).isEqualTo(Fixture.REFUND);
    var refunded = refund();
    assertThat(refunded.state()).isEqualTo(RefundReport.State.SUCCESS);
    assertThat(refunded.refundId()).isEqualTo(accepted.refundId()).isPresent();
    assertThat(refunded.succeededAt()).contains(NOON.plusSeconds(3));
    assertThat(order().state()).isEqualTo(OrderReport.State.REFUNDED);
  }

  @Test
  void plain_http_serves_where_no_certificate_is_needed() {
    world.asking(World.PATIENT, Optional.of(sandbox.base(Port.WX_HTTP)));
    world.prepay();
    assertThat(order().state()).isEqualTo(OrderReport.State.WAITING);
  }

  @Test
  void an_order_that_is_closed_stays_closed_and_its_number_is_dead() {
    world.prepare(Operation.CLOSE);
    assertThat(World.done(world.perform(Operation.CLOSE))).isEqualTo(new Connector.Closed());
    assertThat(order().state()).isEqualTo(OrderReport.State.CLOSED);
    assertThat(World.done(world.perform(Operation.CLOSE))).isEqualTo(new Connector.Closed());
    assertRefused(world.perform(Operation.CREATE), Answer.Reason.NEEDS_NEW_NUMBER);
  }

  @Test
  void what_nobody_has_heard_of_does_not_exist_and_counts_as_closed() {
    assertThat(order().state()).isEqualTo(OrderReport.State.NOT_EXIST);
    assertThat(refund().state()).isEqualTo(RefundReport.State.NOT_EXIST);
    assertThat(World.done(world.perform(Operation.CLOSE))).isEqualTo(new Connector.Closed());
  }

  @Test
  void a_paid_order_is_neither_made_again_nor_closed_and_nothing_is_concluded() {
    world.pay(world.prepay());
    assertUnknown(world.perform(Operation.CREATE));
    assertUnknown(world.perform(Operation.CLOSE));
  }

  @Test
  void an_order_and_a_refund_that_are_sent_again_are_the_same() {
    world.prepay();
    world.pay(world.prepay());
    var first = (RefundReport) World.done(world.perform(Operation.REFUND));
    var second = (RefundReport) World.done(world.perform(Operation.REFUND));
    assertThat(second.refundId()).isEqualTo(first.refundId());
  }

  @Test
  void all_refunds_of_an_order_are_listed_page_by_page() {
    world.pay(world.prepay());
    assertThat(refunds()).isEmpty();
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      sandbox.clock().advance(Duration.ofSeconds(61));
      numbers.add("console-" + i);
      World.done(world.connector().refund(world.account(), world.refund(numbers.getLast(), 1 + i)));
    }
    assertThat(refunds()).extracting(RefundReport::outRefundNo).isEqualTo(numbers);
    assertThat(refunds().getLast().amount()).contains(Money.cny(11));
    assertThat(refunds().getLast().settlement()).contains(Money.cny(11));
    assertThat(refunds().getLast().refundId()).isPresent();
  }

  private List<RefundReport> refunds() {
    var answer = world.connector().refunds(world.account(), world.reference(), List.of("any"));
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<List<RefundReport>>) answer).value();
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void the_page_opens_the_cashier(SignType type) throws Exception {
    use(type);
    var page =
        (PageArguments.Wechat)
            world
                .connector()
                .page(
                    world.account(),
                    world.order().payer(),
                    world.prepay(),
                    Optional.of(type),
                    NOON);
    assertThat(page.appId()).isEqualTo(Fixture.SUB_APP_ID);
    String arguments =
        """
        {"channel": "wechat", "parameters": {"appId": "%s", "timeStamp": "%s", "nonceStr": "%s",
         "package": "%s", "signType": "%s", "paySign": "%s"}}
        """
            .formatted(
                page.appId(),
                page.timestamp(),
                page.nonce(),
                page.packageText(),
                page.signType().code(),
                page.paySign());
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(sandbox.base(Port.ADMIN) + "/_sim/bridge"))
                  .POST(HttpRequest.BodyPublishers.ofString(arguments))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).contains("/_sim/cashier?channel=wechat&ref=wx");
    }
  }

  /// Each call under each effect that leaves us without a believable answer.
  @ParameterizedTest
  @MethodSource
  void nothing_is_concluded_from(Operation operation, String effect) {
    if (effect.contains("timeout") || effect.contains("slow")) {
      world.prepare(operation);
      world.asking(World.IMPATIENT, Optional.empty());
    } else {
      world.prepare(operation);
    }
    fault(operation, effect);
    assertUnknown(world.perform(operation));
    assertThat(sandbox.faults().log()).as("the fault took place").isNotEmpty();
  }

  static Stream<Arguments> nothing_is_concluded_from() {
    List<String> effects =
        List.of(
            "'reset_before'",
            "'reset_after'",
            "'timeout_before'",
            "'timeout_after'",
            "{'kind': 'http', 'status': 500}",
            "{'kind': 'http', 'status': 502, 'commit': true}",
            "{'kind': 'http', 'status': 503, 'body': ''}",
            "{'kind': 'http', 'status': 504, 'commit': true}",
            "{'kind': 'error', 'code': 'SYSTEMERROR'}",
            "{'kind': 'error', 'code': 'SYSTEMERROR', 'commit': true}",
            "{'kind': 'error', 'code': 'FAIL', 'text': '系统繁忙'}",
            "{'kind': 'error', 'code': 'FAIL', 'commit': true}",
            "{'kind': 'sign', 'fault': 'bad'}",
            "{'kind': 'sign', 'fault': 'missing'}",
            "{'kind': 'sign', 'fault': 'other_alg'}",
            "{'kind': 'sign', 'fault': 'other_key'}",
            "{'kind': 'sign', 'fault': 'lower_case'}",
            "{'kind': 'mutate', 'field': 'mch_id', 'value': '1900000002'}",
            "{'kind': 'mutate', 'field': 'appid', 'value': 'wx00000000000000cc'}",
            "{'kind': 'mutate', 'field': 'sub_mch_id', 'value': '1900000102'}",
            "{'kind': 'mutate', 'field': 'result_code'}",
            "{'kind': 'mutate', 'field': 'return_code', 'value': 'FAIL'}",
            "{'kind': 'garbage', 'what': 'truncated'}",
            "{'kind': 'garbage', 'what': 'empty'}",
            "{'kind': 'garbage', 'what': 'huge'}",
            "{'kind': 'garbage', 'what': 'slow'}",
            "{'kind': 'garbage', 'what': 'gzip_header'}");
    return World.SIGNED.stream()
        .flatMap(operation -> effects.stream().map(effect -> Arguments.of(operation, effect)));
  }

  /// A correct signature under an answer that does not answer our question.
  @ParameterizedTest
  @CsvSource({
    "CREATE, prepay_id,",
    "QUERY, out_trade_no, cp0120260101000000000000000002",
    "QUERY, out_trade_no,",
    "QUERY, trade_state, PAID",
    "QUERY, trade_state,",
    "REFUND, out_trade_no, cp0120260101000000000000000002",
    "REFUND, out_refund_no, cp01R20260101000000000000000002",
    "REFUND, refund_fee, 51",
    "REFUND, refund_fee,",
    "REFUND, refund_id,",
    "QUERY_REFUND, out_trade_no, cp0120260101000000000000000002",
    "QUERY_REFUND, out_refund_no_0, cp01R20260101000000000000000002",
    "QUERY_REFUND, out_refund_no_0,",
    "QUERY_REFUND, refund_status_0, DONE",
  })
  void nothing_is_concluded_from_an_answer_about_something_else(
      Operation operation, String field, String value) {
    world.prepare(operation);
    String changed = value == null ? "" : ", 'value': '" + value + "'";
    fault(operation, "{'kind': 'mutate', 'field': '%s'%s}".formatted(field, changed));
    assertUnknown(world.perform(operation));
  }

  @ParameterizedTest
  @ValueSource(strings = {"total_fee", "transaction_id"})
  void nothing_is_concluded_from_a_paid_order_without(String field) {
    world.pay(world.prepay());
    fault(Operation.QUERY, "{'kind': 'mutate', 'field': '%s'}".formatted(field));
    assertUnknown(world.perform(Operation.QUERY));
  }

  @Test
  void nothing_is_concluded_from_an_answer_in_another_encoding() {
    fault(Operation.QUERY, "{'kind': 'garbage', 'what': 'gbk'}");
    assertUnknown(world.perform(Operation.QUERY));
  }

  @ParameterizedTest
  @MethodSource
  void an_answer_is_understood_though_it_comes(Operation operation, String effect) {
    world.prepare(operation);
    fault(operation, effect);
    World.done(world.perform(operation));
    assertThat(sandbox.faults().log()).as("the fault took place").isNotEmpty();
  }

  static Stream<Arguments> an_answer_is_understood_though_it_comes() {
    List<String> effects =
        List.of(
            "{'kind': 'delay', 'ms': 50}",
            "{'kind': 'garbage', 'what': 'bom'}",
            "{'kind': 'garbage', 'what': 'chunked'}",
            "{'kind': 'mutate', 'field': 'a_field_of_next_year', 'value': 'x'}");
    return World.SIGNED.stream()
        .flatMap(operation -> effects.stream().map(effect -> Arguments.of(operation, effect)));
  }

  @Test
  void to_a_channel_that_does_not_listen_nothing_was_sent() {
    try (var other = Sandbox.start(settings());
        var there = new World(other, SignType.MD5)) {
      other.faults().add("{'channel': 'wechat', 'effect': {'kind': 'refuse', 'ms': 600000}}");
      for (Operation operation : Operation.values()) {
        var answer = there.perform(operation);
        assertThat(answer).as(operation.name()).isInstanceOf(Answer.NotSent.class);
      }
    }
  }

  @Test
  void what_an_earlier_try_may_have_done_is_not_unsent_because_a_later_one_was_not_sent() {
    try (var other = Sandbox.start(settings());
        var there = new World(other, SignType.MD5)) {
      other
          .faults()
          .add("{'op': 'unifiedorder', 'effect': {'kind': 'error', 'code': 'SYSTEMERROR'}}");
      there.whilePausing(() ->
          other.faults().add("{'channel': 'wechat', 'effect': {'kind': 'refuse', 'ms': 600000}}"));
      var answer = there.perform(Operation.CREATE);
      assertUnknown(answer);
      assertThat(answer.evidence().tries()).isEqualTo(2);
      assertThat(answer.evidence().httpStatus()).as("the last one was not sent").isZero();
    }
  }

  @Test
  void where_the_first_host_does_not_listen_the_second_is_asked() {
    try (var other = Sandbox.start(settings())) {
      other.faults().add("{'channel': 'wechat', 'effect': {'kind': 'refuse', 'ms': 600000}}");
      world.asking(World.PATIENT, Optional.of(other.base(Port.WX_HTTPS)));
      var answer = world.perform(Operation.CREATE);
      World.done(answer);
      assertThat(answer.evidence().tries()).isEqualTo(2);
    }
  }

  @Test
  void the_second_host_is_not_asked_to_do_what_the_first_may_have_done() {
    try (var other = Sandbox.start(settings())) {
      world.prepare(Operation.REFUND);
      other.faults().add("{'channel': 'wechat', 'effect': 'reset_before'}");
      // In plain HTTP, since the other one has an authority of its own.
      world.asking(World.PATIENT, Optional.of(other.base(Port.WX_HTTP)));
      assertUnknown(world.perform(Operation.REFUND));
      assertThat(refund().state()).isEqualTo(RefundReport.State.NOT_EXIST);
    }
  }

  @Test
  void a_creation_is_sent_again_when_the_channel_stumbles_and_says_the_same() {
    fault(Operation.CREATE, "{'kind': 'error', 'code': 'SYSTEMERROR', 'commit': true}", 2);
    var answer = world.perform(Operation.CREATE);
    World.done(answer);
    assertThat(answer.evidence().tries()).isEqualTo(3);
    assertThat(world.pauses()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(3));
    var requests =
        sandbox.requests().about(Fixture.ORDER).stream()
            .map(request -> new HashMap<>(Xml.read(request.body(), Xml.MESSAGE)))
            .toList();
    assertThat(requests).hasSize(3);
    assertThat(requests).extracting(fields -> fields.remove("nonce_str")).doesNotHaveDuplicates();
    assertThat(requests).extracting(fields -> fields.remove("sign")).doesNotHaveDuplicates();
    assertThat(requests).containsOnly(requests.getFirst());
  }

  @Test
  void a_creation_is_not_sent_again_into_silence() {
    fault(Operation.CREATE, "'reset_after'", 1);
    var answer = world.perform(Operation.CREATE);
    assertUnknown(answer);
    assertThat(answer.evidence().tries()).isEqualTo(1);
    assertThat(order().state()).isEqualTo(OrderReport.State.WAITING);
    World.done(world.perform(Operation.CREATE));
  }

  @ParameterizedTest
  @EnumSource(names = {"QUERY", "QUERY_REFUND"})
  void a_question_is_asked_once_more(Operation operation) {
    world.prepare(operation);
    fault(operation, "'reset_before'", 1);
    var answer = world.perform(operation);
    World.done(answer);
    assertThat(answer.evidence().tries()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"CLOSE", "REFUND"})
  void what_ends_an_order_or_moves_money_is_sent_once(Operation operation) {
    world.prepare(operation);
    fault(operation, "{'kind': 'error', 'code': 'SYSTEMERROR'}", 1);
    var answer = world.perform(operation);
    assertUnknown(answer);
    assertThat(answer.evidence().tries()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'reset_after'", "{'kind': 'http', 'status': 502, 'commit': true}"})
  void a_refund_that_went_through_unheard_is_found_and_is_still_one(String effect) {
    world.prepare(Operation.REFUND);
    fault(Operation.REFUND, effect, 1);
    assertUnknown(world.perform(Operation.REFUND));
    var found = refund();
    assertThat(found.state()).isEqualTo(RefundReport.State.PROCESSING);
    var again = (RefundReport) World.done(world.perform(Operation.REFUND));
    assertThat(again.refundId()).isEqualTo(found.refundId());
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE, ORDERCLOSED, NEEDS_NEW_NUMBER, false",
    "CREATE, OUT_TRADE_NO_USED, NEEDS_NEW_NUMBER, false",
    "CREATE, PARAM_ERROR, WRONG_PARAMETERS, false",
    "CREATE, NOAUTH, NEEDS_ACTION, false",
    "CREATE, APPID_MCHID_NOT_MATCH, NEEDS_ACTION, true",
    "CREATE, NEW_IN_2027, NEEDS_ACTION, false",
    "REFUND, NOTENOUGH, RESUMABLE, false",
    "REFUND, TRADE_OVERDUE, NEEDS_ACTION, false",
    "REFUND, PARAM_ERROR, WRONG_PARAMETERS, false",
    "REFUND, NOAUTH, NEEDS_ACTION, true",
    "REFUND, NEW_IN_2027, NEEDS_ACTION, false",
  })
  void a_signed_refusal_is_final(
      Operation operation, String code, Answer.Reason reason, boolean alert) {
    world.prepare(operation);
    fault(operation, "{'kind': 'error', 'code': '%s', 'text': 'sorry'}".formatted(code));
    var refused = assertRefused(world.perform(operation), reason);
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused.message()).isEqualTo("sorry");
    assertThat(refused.alert()).isEqualTo(alert);
    assertThat(refused.evidence().verified()).isTrue();
  }

  @Test
  void a_refund_that_is_refused_but_has_been_done_is_done() {
    world.prepare(Operation.QUERY_REFUND);
    fault(Operation.REFUND, "{'kind': 'error', 'code': 'ERROR'}");
    var answer = world.perform(Operation.REFUND);
    assertThat(((RefundReport) World.done(answer)).state())
        .isEqualTo(RefundReport.State.PROCESSING);
    assertThat(answer.evidence().tries()).isEqualTo(2);
  }

  @Test
  void a_refund_that_is_refused_and_known_with_another_amount_needs_another_number() {
    world.prepare(Operation.QUERY_REFUND);
    fault(Operation.REFUND, "{'kind': 'error', 'code': 'ERROR'}");
    fault(Operation.QUERY_REFUND, "{'kind': 'mutate', 'field': 'refund_fee_0', 'value': '51'}");
    assertRefused(world.perform(Operation.REFUND), Answer.Reason.NEEDS_NEW_NUMBER);
  }

  @Test
  void a_refund_that_is_refused_is_not_refused_before_it_was_asked_for() {
    world.prepare(Operation.REFUND);
    fault(Operation.REFUND, "{'kind': 'error', 'code': 'ERROR'}");
    fault(Operation.QUERY_REFUND, "'reset_before'");
    assertUnknown(world.perform(Operation.REFUND));
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE, ORDERPAID",
    "CREATE, FREQUENCY_LIMITED",
    "CLOSE, TRADE_STATE_ERROR",
    "REFUND, BIZERR_NEED_RETRY",
    "REFUND, FREQUENCY_LIMITED",
    "QUERY, NEW_IN_2027",
    "QUERY_REFUND, NEW_IN_2027",
  })
  void a_signed_answer_that_decides_nothing_is_unknown(Operation operation, String code) {
    world.prepare(operation);
    fault(operation, "{'kind': 'error', 'code': '%s'}".formatted(code));
    assertUnknown(world.perform(operation));
  }

  @Test
  void a_number_that_is_used_and_is_ours_is_not_dead() {
    world.prepay();
    fault(Operation.CREATE, "{'kind': 'error', 'code': 'OUT_TRADE_NO_USED'}");
    assertUnknown(world.perform(Operation.CREATE));
  }

  @Test
  void an_order_that_is_denied_when_closing_but_known_when_asked_is_not_closed() {
    world.prepare(Operation.CLOSE);
    fault(Operation.CLOSE, "{'kind': 'error', 'code': 'ORDERNOTEXIST'}");
    assertUnknown(world.perform(Operation.CLOSE));
  }

  @ParameterizedTest
  @CsvSource({"refund_change, ABNORMAL", "refund_close, CLOSED"})
  void a_refund_may_end_badly(String effect, RefundReport.State state) {
    sandbox.faults().add("{'channel': 'wechat', 'op': 'refund', 'effect': '" + effect + "'}");
    world.prepare(Operation.QUERY_REFUND);
    sandbox.clock().advance(Duration.ofSeconds(4));
    world.drain();
    assertThat(refund().state()).isEqualTo(state);
    assertThat(((ChannelNotice.RefundHint) world.heard().getLast()).report().state())
        .isEqualTo(state);
  }

  @Test
  void a_payment_after_the_close_is_seen() {
    var prepaid = world.prepay();
    sandbox.clock().advance(Duration.ofMinutes(6));
    World.done(world.perform(Operation.CLOSE));
    sandbox.faults().add("{'channel': 'wechat', 'op': 'pay', 'effect': 'late_payment'}");
    world.pay(prepaid);
    assertThat(order().state()).isEqualTo(OrderReport.State.PAID);
  }

  @Test
  void both_payments_of_one_order_are_told() {
    sandbox.faults().add("{'channel': 'wechat', 'op': 'pay', 'effect': 'double_payment'}");
    world.pay(world.prepay());
    world.drain();
    assertThat(world.heard())
        .hasSize(2)
        .extracting(WechatSimulatorIT::transaction)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'kind': 'notify_dup', 'copies': 3} | 3",
        "{'kind': 'notify_extra', 'coupons': 2} | 1",
        "{'kind': 'notify_delay', 'ms': 1000} | 1",
        "{'kind': 'notify_mutate', 'field': 'transaction_id', 'value': '4200000000999'} | 1",
        "{'kind': 'notify_drop'} | 0",
      })
  void notices_that_are_genuine_are_believed(String effect, int times) {
    notices(effect);
    world.pay(world.prepay());
    sandbox.clock().advance(Duration.ofSeconds(2));
    world.drain();
    assertThat(world.heard())
        .hasSize(times)
        .allMatch(notice -> notice instanceof ChannelNotice.AboutOrder);
    assertThat(order().state()).isEqualTo(OrderReport.State.PAID);
  }

  @Test
  void a_notice_of_another_amount_says_so_for_the_gateway_to_see() {
    notices("{'kind': 'notify_mutate', 'field': 'total_fee', 'value': '1'}");
    world.pay(world.prepay());
    world.drain();
    var about = (ChannelNotice.AboutOrder) world.heard().getFirst();
    assertThat(about.report().paid().orElseThrow().total()).isEqualTo(Money.cny(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"refund_before_pay", "old_after_new"})
  void notices_in_another_order_are_each_believed_for_what_they_say(String how) {
    notices("{'kind': 'notify_reorder', 'how': '" + how + "'}");
    world.prepare(Operation.QUERY_REFUND);
    sandbox.clock().advance(Duration.ofMinutes(10));
    world.drain();
    assertThat(world.heard())
        .isNotEmpty()
        .noneMatch(notice -> notice instanceof ChannelNotice.Rejected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'kind': 'notify_sign', 'fault': 'bad'}",
        "{'kind': 'notify_sign', 'fault': 'missing'}",
        "{'kind': 'notify_sign', 'fault': 'stale_key'}",
        "{'kind': 'notify_mutate', 'field': 'appid', 'value': 'wx00000000000000cc'}",
        "{'kind': 'notify_mutate', 'field': 'mch_id', 'value': '1900000002'}",
        "{'kind': 'notify_mutate', 'field': 'sub_mch_id', 'value': '1900000102'}",
        "{'kind': 'notify_mutate', 'field': 'sub_appid', 'value': 'wx00000000000000cc'}",
        "{'kind': 'notify_mutate', 'field': 'out_trade_no', 'value': 'unknown1'}",
        "{'kind': 'notify_mutate', 'field': 'fee_type', 'value': 'USD'}",
        "'notify_xxe'",
        "'notify_billion_laughs'",
        "'notify_deep'",
        "'notify_big'",
      })
  void a_notice_that_lies_is_rejected(String effect) throws Exception {
    notices(effect);
    world.pay(world.prepay());
    world.drain();
    assertThat(world.heard())
        .isNotEmpty()
        .allMatch(notice -> notice instanceof ChannelNotice.Rejected);
    try (HttpClient client = HttpClient.newHttpClient()) {
      var canary =
          client.send(
              HttpRequest.newBuilder(URI.create(sandbox.base(Port.ADMIN) + "/_sim/canary")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(canary.body()).isEqualTo("{\"hits\":[]}");
    }
  }

  @Test
  void a_notice_in_md5_is_rejected_for_an_order_that_began_with_hmac() {
    use(SignType.HMAC_SHA256);
    notices("{'kind': 'notify_sign', 'fault': 'md5_for_hmac_order'}");
    world.pay(world.prepay());
    world.drain();
    assertThat(world.heard())
        .isNotEmpty()
        .allMatch(notice -> notice instanceof ChannelNotice.Rejected);
  }

  @Test
  void no_secret_is_in_what_is_kept_of_a_call() {
    for (Operation operation : World.SIGNED) {
      sandbox.reset();
      world.prepare(operation);
      var evidence = world.perform(operation).evidence();
      assertThat(evidence.operation()).isEqualTo(Paths.method(operation));
      assertThat(evidence.httpStatus()).isEqualTo(200);
      assertThat(evidence.verified()).isTrue();
      assertThat(evidence.took()).isPositive();
      assertThat(evidence.answer())
          .contains("<return_code><![CDATA[SUCCESS]]>")
          .doesNotContain(Fixture.KEY)
          .doesNotContainPattern("<(sign|openid|sub_openid|prepay_id)><!\\[CDATA\\[[^*]")
          .contains("<sign><![CDATA[***]]>");
    }
  }

  private void use(SignType type) {
    world.close();
    world = new World(sandbox, type);
  }

  private OrderReport order() {
    return (OrderReport) World.done(world.perform(Operation.QUERY));
  }

  private RefundReport refund() {
    return (RefundReport) World.done(world.perform(Operation.QUERY_REFUND));
  }

  private static void fault(Operation operation, String effect) {
    fault(operation, effect, 0);
  }

  private static void fault(Operation operation, String effect, int times) {
    sandbox
        .faults()
        .add(
            "{'channel': 'wechat', 'op': '%s', 'times': %d, 'effect': %s}"
                .formatted(Paths.method(operation), times, effect));
  }

  private static void notices(String effect) {
    sandbox.faults().add("{'channel': 'wechat', 'effect': " + effect + "}");
  }

  private static String transaction(ChannelNotice notice) {
    return ((ChannelNotice.AboutOrder) notice).report().paid().orElseThrow().transactionId();
  }

  private static void assertUnknown(Answer<?> answer) {
    assertThat(answer).isInstanceOf(Answer.Unknown.class);
  }

  private static Answer.Refused<?> assertRefused(Answer<?> answer, Answer.Reason reason) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    var refused = (Answer.Refused<?>) answer;
    assertThat(refused.reason()).isEqualTo(reason);
    return refused;
  }
}
