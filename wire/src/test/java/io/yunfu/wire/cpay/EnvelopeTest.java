package io.yunfu.wire.cpay;

import static io.yunfu.wire.cpay.Calls.K1;
import static io.yunfu.wire.cpay.Calls.T1;
import static io.yunfu.wire.cpay.Calls.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  @Test
  void a_code_in_lower_case_is_accepted() {
    byte[] body = Calls.body(T1, K1.sign(T1).toLowerCase(Locale.ROOT));
    assertThat(Calls.accepted(body, false, OfficialAccountPayRequest::of)).isNotNull();
  }

  @Test
  void one_other_digit_is_refused() {
    String code = K1.sign(T1);
    byte[] body = Calls.body(T1, (code.startsWith("0") ? "1" : "0") + code.substring(1));
    assertRefused(body, false, 101, 7);
  }

  @Test
  void a_text_that_was_written_anew_after_signing_is_refused() {
    String other =
        T1.replace("{\"pay_mch_key\":{\"pay_platform\":1,", "{\"pay_mch_key\":{")
            .replace("\"out_shop_id\"", "\"pay_platform\":1,\"out_shop_id\"");
    assertThat(Calls.read(other, OfficialAccountPayRequest::of))
        .isEqualTo(Calls.read(T1, OfficialAccountPayRequest::of));
    assertRefused(Calls.body(other, K1.sign(T1)), false, 101, 7);
  }

  @Test
  void escapes_of_the_envelope_do_not_change_what_was_signed() {
    String escaped = quoted(T1).replace("pay", "\\u0070ay").replace("/", "\\/");
    byte[] body =
        Calls.envelope(
            escaped, "{\"a\":{\"authen_code\":\"" + K1.sign(T1) + "\",\"authen_type\":1}}");
    assertThat(ReceivedCall.of(body, false).text()).isEqualTo(T1);
    assertThat(Calls.accepted(body, false, OfficialAccountPayRequest::of)).isNotNull();
  }

  @Test
  void order_of_members_foreign_spaces_and_unknown_members_do_not_matter() {
    String body =
        "\uFEFF\u00A0{\u3000\"x\":[1,{\"y\":null}],\"authen_info\"\u00A0:{\"z\":1,\"a\":{\"authen_type\":\"1\","
            + "\"authen_code\":\""
            + K1.sign(T1)
            + "\"}},\u00A0\"request_content\":"
            + quoted(T1)
            + "}\u00A0\n";
    assertThat(Calls.accepted(body.getBytes(UTF_8), false, OfficialAccountPayRequest::of))
        .isEqualTo(Calls.read(T1, OfficialAccountPayRequest::of));
  }

  @Test
  void the_last_of_a_doubled_member_counts() {
    String body =
        "{\"request_content\":\"{}\",\"authen_info\":{\"a\":{\"authen_type\":1,\"authen_code\":\"00\","
            + "\"authen_code\":\""
            + K1.sign(T1)
            + "\"}},\"request_content\":"
            + quoted(T1)
            + "}";
    assertThat(Calls.accepted(body.getBytes(UTF_8), false, OfficialAccountPayRequest::of))
        .isNotNull();
  }

  @Test
  void white_space_inside_texts_is_left_alone() {
    String text = T1.replace("\\u6d4b", "\u00A0\u3000");
    var request = Calls.read(text, OfficialAccountPayRequest::of);
    assertThat(request.content().body()).contains("\u00A0\u3000试订单");
  }

  @Test
  void an_object_in_place_of_the_text_is_read_only_by_the_lenient_option() {
    byte[] body =
        Calls.envelope(T1, "{\"a\":{\"authen_type\":1,\"authen_code\":\"" + K1.sign(T1) + "\"}}");
    assertRefused(body, false, 101, 90002);
    assertThat(ReceivedCall.of(body, true).text()).isEqualTo(T1);
    assertThat(Calls.accepted(body, true, OfficialAccountPayRequest::of)).isNotNull();
  }

  @Test
  void the_object_is_taken_as_its_exact_characters() {
    String laidOut = T1.replace(",\"", " ,\u00A0\n\"").replace("{\"", "{ \u00A0\"");
    byte[] body =
        Calls.envelope(
            "\u00A0" + laidOut + " ",
            "{\"a\":{\"authen_type\":1,\"authen_code\":\"" + K1.sign(laidOut) + "\"}}");
    assertThat(ReceivedCall.of(body, true).text()).isEqualTo(laidOut);
    assertThat(Calls.accepted(body, true, OfficialAccountPayRequest::of)).isNotNull();
  }

  @Test
  void the_printed_example_is_read_only_by_the_lenient_option() {
    String printed = Calls.published("request.txt");
    String content = Calls.published("request_content.txt");
    byte[] asPrinted = printed.getBytes(UTF_8);
    assertRefused(asPrinted, false, 101, 90001);
    assertThat(ReceivedCall.of(asPrinted, true).text()).isEqualTo(content);
    // Its ids were masked after signing, so the printed code is wrong.
    assertRefused(asPrinted, true, 101, 7);

    String signed =
        printed.replace(
            "503EB8AE9F3CB922F1F772FAE0C60247BB5CE50BC84050723F154A5FEE64132C", K1.sign(content));
    assertThat(Calls.accepted(signed.getBytes(UTF_8), true, OfficialAccountPayRequest::of))
        .isEqualTo(Calls.read(content, OfficialAccountPayRequest::of));
  }

  @Test
  void the_lenient_option_never_saves_a_wrong_signature() {
    byte[] body = Calls.body(T1, K1.sign(T1 + " "));
    assertRefused(body, true, 101, 7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{",
        "{\"request_content\":\"{\"pay\":1}\"",
        "{\"request_content\":\"{\"pay\":1}\",\"authen_info\":",
        "{\"authen_info\":{},\"request_content\":\"{\"pay\":1}\"}",
        "[\"request_content\":\"{\"pay\":1}\",\"authen_info\":{}]"
      })
  void what_is_not_even_the_printed_form_is_unreadable(String body) {
    assertRefused(body.getBytes(UTF_8), true, 101, 90001);
  }

  @Test
  void the_owner_of_the_key_is_looked_for_in_the_documented_order() {
    assertThat(
            ownerIn("{\"pay_mch_key\":{\"out_sub_mch_id\":\" s1\\u00a0\",\"out_shop_id\":\"h\"}}"))
        .isEqualTo(new KeyOwner.SubMerchant("s1"));
    assertThat(ownerIn("{\"out_sub_mch_id\":\"s2\",\"pay_mch_key\":{\"out_shop_id\":\"h\"}}"))
        .isEqualTo(new KeyOwner.SubMerchant("s2"));
    assertThat(ownerIn("{\"osmi\":\"s3\",\"osi\":\"h\"}"))
        .isEqualTo(new KeyOwner.SubMerchant("s3"));
    assertThat(ownerIn("{\"pay_mch_key\":{\"out_shop_id\":\"h1\",\"out_sub_mch_id\":\"\"}}"))
        .isEqualTo(new KeyOwner.Shop("h1"));
    assertThat(ownerIn("{\"out_shop_id\":\"h2\"}")).isEqualTo(new KeyOwner.Shop("h2"));
    assertThat(ownerIn("{\"osi\":77}")).isEqualTo(new KeyOwner.Shop("77"));
  }

  private static KeyOwner ownerIn(String text) {
    return ReceivedCall.of(Calls.body(text), false).keyOwner();
  }

  @Test
  void an_rsa_signature_has_two_names() {
    for (String name : new String[] {"sign", "signature"}) {
      byte[] body =
          Calls.envelope(
              quoted(T1), "{\"s\":{\"sign_type\":1,\"" + name + "\":\"c2ln\"},\"a\":null}");
      assertThat(ReceivedCall.of(body, false).authenticate())
          .isEqualTo(new Authentication.Rsa(T1, "c2ln"));
    }
  }

  @Test
  void nothing_secret_prints() {
    assertThat(K1.toString()).doesNotContain(Calls.KEY_TEXT);
    assertThat(ReceivedCall.of(Calls.body(T1), false).authenticate().toString())
        .doesNotContain(K1.sign(T1));
  }

  @Test
  void an_answer_is_signed_exactly_when_its_status_says_so() {
    var nonce = new Payload.NonceOnly("refund", "n");
    for (ResultTemplate template : Results.ALL) {
      Result result = template.with("x", "y");
      if (result.status().isSigned()) {
        assertThat(text(Reply.signed(new LogId(1), result, nonce, K1))).contains("authen_info");
        assertThatThrownBy(() -> Reply.unsigned(new LogId(1), result))
            .isInstanceOf(IllegalArgumentException.class);
      } else {
        assertThat(text(Reply.unsigned(new LogId(1), result)))
            .doesNotContain("authen_code\":")
            .doesNotContain("refund");
        assertThatThrownBy(() -> Reply.signed(new LogId(1), result, nonce, K1))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  // B24
  @Test
  void a_log_id_is_unsigned() {
    assertThat(text(Reply.unsigned(new LogId(4294967295L), Results.INTERNAL_ERROR.with())))
        .contains("\\\"log_id\\\":4294967295,");
    assertThatThrownBy(() -> new LogId(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LogId(4294967296L)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_long_description_is_cut_at_a_whole_character() {
    String reason = "😀".repeat(300);
    String text =
        text(
            Reply.signed(
                new LogId(1),
                Results.CHANNEL_REFUSED.with(reason),
                new Payload.NonceOnly("refund", "n"),
                K1));
    assertThat(text.split("uD83D", -1)).hasSize(256);
    assertThat(text.split("uDE00", -1)).hasSize(256);
  }

  @Test
  void the_list_of_results_is_that_of_the_contract() {
    assertThat(Results.ALL.stream().map(r -> r.status().number() + "/" + r.internalStatus()))
        .containsExactly(
            "0/0",
            "101/7",
            "102/407",
            "104/407",
            "101/90001",
            "101/90002",
            "101/90003",
            "101/90004",
            "101/90005",
            "101/90006",
            "101/90010",
            "101/90011",
            "102/90012",
            "104/90020",
            "102/90021",
            "104/90021",
            "102/90022",
            "104/90023",
            "104/90024",
            "104/90025",
            "104/90026",
            "104/90030",
            "104/90031",
            "103/90032",
            "3/90099");
  }

  @Test
  void ping_is_plain_json() {
    assertThat(text(Ping.answer(java.time.Instant.ofEpochSecond(1772323200))))
        .isEqualTo("{\"description\":\"ok\",\"status\":0,\"timestamp\":1772323200}");
  }

  @Test
  void the_reason_of_a_refund_names_its_operator_where_the_request_does() {
    assertThat(RefundReason.of(refund("\"authorization_name\":\"manager-1\",", "s09")))
        .isEqualTo("one item back\n操作者：s09\n授权者：manager-1");
    assertThat(
            RefundReason.of(
                refund("\"authorization_name\":\"m\",\"authorization_staff_id\":\"s17\",", "")))
        .isEqualTo("one item back\n操作者：s17\n授权者：m");
    assertThat(RefundReason.of(refund("", "s09"))).isEqualTo("one item back");
  }

  private static RefundRequest refund(String operator, String staffId) {
    return Calls.read(
        "{\"pay_mch_key\":{"
            + operator
            + "\"out_mch_id\":\"m\",\"out_sub_mch_id\":\"s\",\"out_shop_id\":\"h\"},"
            + "\"refund_content\":{\"out_trade_no\":\"gz0200abcd1\",\"out_refund_no\":\"gz0200abcdR1\","
            + "\"total_fee\":2,\"refund_fee\":1,\"refund_reason\":\"one item back\"},"
            + "\"order_client\":{\"staff_id\":\""
            + staffId
            + "\"}}",
        RefundRequest::of);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static void assertRefused(byte[] body, boolean lenient, int status, int internalStatus) {
    assertThat(refusal(body, lenient))
        .hasValueSatisfying(result -> {
          assertThat(result.status().number()).isEqualTo(status);
          assertThat(result.internalStatus()).isEqualTo(internalStatus);
        });
  }

  private static Optional<Result> refusal(byte[] body, boolean lenient) {
    try {
      Calls.accepted(body, lenient, OfficialAccountPayRequest::of);
      return Optional.empty();
    } catch (CallRefused refused) {
      return Optional.of(refused.result());
    }
  }
}
