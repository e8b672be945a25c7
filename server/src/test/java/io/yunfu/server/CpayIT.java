package io.yunfu.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.CpayWorld.Over;
import io.yunfu.server.api.cpay.SignedText;
import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.testkit.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The gateway as it is used: a server as `serve` wires it, on the real database and over real
/// sockets, between a merchant's program and the simulator's channels.
class CpayIT extends CpayWorldTest {
  private static final JsonMapper JSON = new JsonMapper();

  // B14, B16 after payment, B19
  @ParameterizedTest
  @EnumSource(Over.class)
  void an_order_is_paid_told_and_refunded(Over over) throws Exception {
    String number = world.number();
    Answer made = world.call("official_account_pay", world.pay(over, number, 2590));
    assertThat(made.numbers()).as(made.text()).isEqualTo("0/0");
    assertThat(made.isSignedWith(CpayWorld.KEY)).isTrue();
    String reference = over.reference(made.content().get("official_account_pay"));
    assertThat(
            world.sandbox.pay(over.channel(), reference, "alice", new Action.Success()).succeeded())
        .isTrue();

    JsonNode told = world.heard();
    assertThat(told.get("pay_mch_key").get("out_sub_mch_id").stringValue())
        .isEqualTo(CpayWorld.SUB.value());
    JsonNode order = told.get("order_content");
    assertThat(order.get("out_trade_no").stringValue()).isEqualTo(number);
    assertThat(over.state(order)).isEqualTo(over.paid);
    assertThat(order.get("trade_state").intValue()).isEqualTo(4);
    assertThat(order.get("cash_fee").intValue()).isEqualTo(2590);

    JsonNode found =
        world.call("query_order", CpayWorld.query(number)).content().get("query_order");
    assertThat(found.get("order_content").get("transaction_id"))
        .isEqualTo(order.get("transaction_id"));
    assertThat(over.state(found.get("order_content"))).isEqualTo(over.paid);
    assertThat(world.call("close_order", CpayWorld.query(number)).numbers()).isEqualTo("104/90021");
    assertThat(world.call("official_account_pay", world.pay(over, number, 2590)).numbers())
        .isEqualTo("102/90021");

    assertThat(world.call("refund", CpayWorld.refund(number, "R1", 2591)).numbers())
        .isEqualTo("104/90024");
    assertThat(world.call("refund", CpayWorld.refund(number, "R1", 590)).numbers())
        .isEqualTo("0/0");
    JsonNode back = world.heard().get("refund_order_content").get(0);
    assertThat(back.get("out_refund_no").stringValue()).isEqualTo(number + "R1");
    assertThat(world.call("refund", CpayWorld.refund(number, "R1", 590)).numbers())
        .isEqualTo("0/0");
    assertThat(world.call("refund", CpayWorld.refund(number, "R1", 591)).numbers())
        .isEqualTo("102/407");
    JsonNode refunds =
        world
            .call("query_refund_order", CpayWorld.query(number))
            .content()
            .get("query_refund_order");
    assertThat(refunds.get("refund_order_content").size()).isEqualTo(1);
    JsonNode refund = refunds.get("refund_order_content").get(0);
    assertThat(over.refundState(refund)).isEqualTo(over.refunded);
    assertThat(refund.get("trade_state").intValue()).isEqualTo(4);
    assertThat(world.heard).isEmpty();
  }

  // B16 while unpaid
  @ParameterizedTest
  @EnumSource(Over.class)
  void an_order_that_is_closed_stays_closed(Over over) {
    String number = world.number();
    assertThat(world.call("official_account_pay", world.pay(over, number, 100)).numbers())
        .isEqualTo("0/0");
    assertThat(world.call("close_order", CpayWorld.query(number)).numbers()).isEqualTo("0/0");
    assertThat(world.call("close_order", CpayWorld.query(number)).numbers()).isEqualTo("0/0");
    JsonNode order =
        world.call("query_order", CpayWorld.query(number)).content().get("query_order");
    assertThat(over.state(order.get("order_content"))).isEqualTo(over.closed);
    assertThat(world.call("official_account_pay", world.pay(over, number, 100)).numbers())
        .isEqualTo("102/90022");
  }

  @ParameterizedTest
  @EnumSource(Over.class)
  void a_notice_that_the_merchant_does_not_take_comes_again_and_each_is_signed(Over over)
      throws Exception {
    world.refusals.set(2);
    String number = world.number();
    Answer made = world.call("official_account_pay", world.pay(over, number, 100));
    world.sandbox.pay(
        over.channel(),
        over.reference(made.content().get("official_account_pay")),
        "alice",
        new Action.Success());
    var nonces =
        List.of(
            world.heard().get("nonce_str").stringValue(),
            world.heard().get("nonce_str").stringValue(),
            world.heard().get("nonce_str").stringValue());
    assertThat(nonces).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(Over.class)
  void a_channel_that_is_silent_is_asked_again_under_the_same_number(Over over) {
    String number = world.number();
    String create = over == Over.WECHAT ? "unifiedorder" : "alipay.trade.create";
    world
        .sandbox
        .faults()
        .add(
            "{'channel':'%s','op':'%s','times':1,'effect':'reset_after'}"
                .formatted(over.channel(), create));
    Answer unknown = world.call("official_account_pay", world.pay(over, number, 100));
    assertThat(unknown.numbers()).isEqualTo("103/90032");
    assertThat(
            unknown
                .content()
                .get("official_account_pay")
                .get("order_content")
                .get("is_transforming")
                .booleanValue())
        .isTrue();
    assertThat(world.call("official_account_pay", world.pay(over, number, 100)).numbers())
        .isEqualTo("0/0");
  }

  /// B3 of the contract's appendix B: the texts that the published example can be sent as.
  @ParameterizedTest
  @ValueSource(strings = {"F1", "F2", "F3", "F4", "F5", "F6"})
  void the_published_example_is_accepted_in_each_form(String form) {
    String published = Golden.read(Golden.source("fixtures/cpay/published/request_content.txt"));
    String text = form(form, published.strip());
    // One order each: the last digits of the published number are changed before it is signed.
    String own = text.replace("384118", "3841" + form.charAt(1) + "0");
    assertThat(world.call("official_account_pay", own).numbers()).isEqualTo("0/0");
  }

  private static String form(String form, String verbatim) {
    String plain = verbatim.replace('\u00A0', ' ');
    String minified = plain.replaceAll("[ \\n\\r]+", "");
    return switch (form) {
      case "F1" -> minified;
      case "F2" -> minified + "\n";
      case "F3" -> minified.replaceAll("\"body\":\"[^\"]*\"", "\"body\":\"湖南交通工程学院后勤处\"");
      case "F4" -> plain;
      case "F5" -> plain + "\n";
      default -> verbatim;
    };
  }

  @Test
  void what_is_forged_is_answered_as_the_protocol_wants_it_and_changes_nothing() {
    String number = world.number();
    world.call("official_account_pay", world.pay(Over.ALIPAY, number, 100));
    Answer wrong =
        Answer.of(
            world
                .post(
                    "/cpay/query_order",
                    SignedText.body(CpayWorld.query(number), CpayWorld.PROVIDER_KEY))
                .body()
                .getBytes(UTF_8));
    assertThat(wrong.numbers()).isEqualTo("101/7");
    assertThat(wrong.isSigned()).isFalse();
    var notice =
        world.post(
            world.noticePath(number),
            "out_trade_no=%s&trade_status=TRADE_SUCCESS&sign=AAAA"
                .formatted(number)
                .getBytes(UTF_8));
    assertThat(notice.statusCode()).isEqualTo(200);
    assertThat(notice.body()).isNotEqualTo("success");
    JsonNode order =
        world.call("query_order", CpayWorld.query(number)).content().get("query_order");
    assertThat(Over.ALIPAY.state(order.get("order_content"))).isEqualTo(4);
  }

  @Test
  void what_channels_and_merchants_do_is_in_the_figures() throws Exception {
    String number = world.number();
    Answer made = world.call("official_account_pay", world.pay(Over.ALIPAY, number, 100));
    world.sandbox.pay(
        "alipay",
        Over.ALIPAY.reference(made.content().get("official_account_pay")),
        "alice",
        new Action.Success());
    world.heard();
    String figures = world.server.get("/metrics").body();
    assertThat(figures)
        .contains(
            "yunfu_channel_call_seconds_count{channel=\"alipay\",operation=\"create\",outcome=\"done\"}")
        .containsPattern("yunfu_lane_batch_commands_sum\\{lane=\"orders-cell_\\d\"\\} [1-9]")
        .contains("yunfu_payment_cases_open{cell=\"0\",kind=\"mismatch\"}")
        .contains("yunfu_merchant_notices{cell=\"1\",state=\"undelivered\"}")
        .contains("action=\"alipay-payment\",api=\"notice\",code=\"OK\"")
        .contains("action=\"official_account_pay\",api=\"cpay\",code=\"OK\"");
  }

  @Test
  void a_terminal_that_keeps_its_connection_gets_nothing_and_calls_of_the_billing_api_get_theirs() {
    var heartbeat = world.server.get("/");
    assertThat(heartbeat.statusCode()).isEqualTo(200);
    assertThat(heartbeat.body()).isEmpty();
    assertThat(JSON.readTree(world.server.get("/?Action=PayDeals").body()).has("Response"))
        .isTrue();
    assertThat(JSON.readTree(world.post("/", new byte[0]).body()).has("Response")).isTrue();
  }

  // B26
  @Test
  void a_ping_is_answered_without_an_envelope() {
    assertThat(JSON.readTree(world.server.get("/cpay/ping").body()).has("response_content"))
        .isFalse();
    assertThat(world.server.get("/cpay/nothing").statusCode()).isEqualTo(404);
    assertThat(world.server.get("/cpay/query_order").statusCode()).isEqualTo(405);
  }
}
