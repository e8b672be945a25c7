package io.yunfu.channels.wechat;

import static io.yunfu.channels.wechat.Fixture.failure;
import static io.yunfu.channels.wechat.Fixture.signed;
import static io.yunfu.channels.wechat.Fixture.success;
import static io.yunfu.channels.wechat.Fixture.unsigned;
import static io.yunfu.channels.wechat.World.NOON;
import static io.yunfu.gateway.channel.ChannelAccount.SignType.HMAC_SHA256;
import static io.yunfu.gateway.channel.ChannelAccount.SignType.MD5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.yunfu.channels.Meaning;
import io.yunfu.channels.Operation;
import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is believed, and what is not.
class SaidTest {
  @ParameterizedTest
  @EnumSource(SignType.class)
  void a_signed_answer_about_us_is_believed(SignType type) {
    var said = read(signed(success(), type), type);
    assertThat(said.meaning()).isEqualTo(Meaning.DONE);
    assertThat(said.code()).isEqualTo("SUCCESS");
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void without_a_signature_no_answer_is_believed(Operation operation) {
    assertCode("NOT_VERIFIED", operation, unsigned(success()));
    assertCode("NOT_VERIFIED", operation, unsigned(failure("ORDERCLOSED")));
  }

  @Test
  void with_an_empty_signature_an_answer_is_not_believed() {
    var fields = success();
    fields.put("sign", "");
    assertCode("NOT_VERIFIED", Operation.QUERY, unsigned(fields));
  }

  @Test
  void an_answer_that_was_changed_after_it_was_signed_is_not_believed() {
    var changed = new String(signed(success(), MD5), UTF_8).replace("[OK]", "[ok]");
    assertCode("NOT_VERIFIED", Operation.QUERY, changed.getBytes(UTF_8));
  }

  @Test
  void the_weaker_algorithm_is_not_enough_though_the_answer_says_so() {
    var fields = success();
    fields.put("sign_type", "MD5");
    var trouble =
        catchThrowableOfType(Unreadable.class, () -> read(signed(fields, MD5), HMAC_SHA256));
    assertThat(trouble.code()).isEqualTo("NOT_VERIFIED");
  }

  @Test
  void a_failure_at_the_door_proves_nothing_but_is_told() {
    var trouble =
        trouble(Operation.REFUND, unsigned(Map.of("return_code", "FAIL", "return_msg", "签名错误")));
    assertThat(trouble.code()).isEqualTo("AT_THE_DOOR");
    assertThat(trouble.why()).contains("签名错误");
  }

  @Test
  void a_failure_at_the_door_proves_nothing_though_it_carries_a_result() {
    var fields = failure("ORDERCLOSED");
    fields.put("return_code", "FAIL");
    assertCode("AT_THE_DOOR", Operation.CREATE, signed(fields, MD5));
  }

  @ParameterizedTest
  @CsvSource({
    "appid, wx00000000000000cc",
    "mch_id, 1900000002",
    "sub_mch_id, 1900000102",
    "sub_appid, wx00000000000000cc",
  })
  void what_is_about_another_is_not_believed(String field, String other) {
    var fields = success();
    fields.put(field, other);
    assertCode("ABOUT_ANOTHER", Operation.QUERY, signed(fields, MD5));
    var refusal = failure("ORDERNOTEXIST");
    refusal.put(field, other);
    assertCode("ABOUT_ANOTHER", Operation.QUERY, signed(refusal, MD5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"appid", "mch_id", "sub_mch_id"})
  void what_does_not_say_whom_it_is_about_is_not_believed(String field) {
    var fields = success();
    fields.remove(field);
    assertCode("UNREADABLE", Operation.QUERY, signed(fields, MD5));
  }

  @Test
  void a_close_may_leave_the_sub_merchant_out() {
    var fields = success();
    fields.remove("sub_mch_id");
    fields.remove("sub_appid");
    var said =
        Said.read(Operation.CLOSE, Fixture.account(MD5), MD5, NOON, 200, signed(fields, MD5));
    assertThat(said.meaning()).isEqualTo(Meaning.DONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 302, 400, 500, 502, 503})
  void another_status_proves_nothing(int status) {
    var trouble =
        catchThrowableOfType(
            Unreadable.class,
            () ->
                Said.read(
                    Operation.CREATE,
                    Fixture.account(MD5),
                    MD5,
                    NOON,
                    status,
                    signed(success(), MD5)));
    assertThat(trouble.why()).contains("HTTP " + status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"return_code", "result_code"})
  void codes_that_nobody_knows_prove_nothing(String field) {
    var fields = success();
    fields.put(field, "success");
    assertCode("UNREADABLE", Operation.CREATE, signed(fields, MD5));
    fields.remove(field);
    assertCode("UNREADABLE", Operation.CREATE, signed(fields, MD5));
  }

  @Test
  void a_failure_without_its_code_proves_nothing() {
    var fields = failure("");
    assertCode("UNREADABLE", Operation.CREATE, signed(fields, MD5));
  }

  @Test
  void a_code_that_is_in_no_table_is_on_the_safe_side() {
    var said = read(signed(failure("NEW_IN_2027"), MD5), MD5);
    assertThat(said.listed()).isFalse();
    assertThat(said.meaning()).isEqualTo(Meaning.ACT);
    assertThat(said.code()).isEqualTo("NEW_IN_2027");
    var refund =
        Said.read(
            Operation.REFUND,
            Fixture.account(MD5),
            MD5,
            NOON,
            200,
            signed(failure("NEW_IN_2027"), MD5));
    assertThat(refund.meaning()).isEqualTo(Meaning.ASK_ELSE_ACT);
  }

  private static Said read(byte[] body, SignType type) {
    return Said.read(Operation.CREATE, Fixture.account(type), type, NOON, 200, body);
  }

  private static void assertCode(String code, Operation operation, byte[] body) {
    assertThat(trouble(operation, body).code()).isEqualTo(code);
  }

  private static Unreadable trouble(Operation operation, byte[] body) {
    var trouble =
        catchThrowableOfType(
            Unreadable.class,
            () -> Said.read(operation, Fixture.account(MD5), MD5, NOON, 200, body));
    assertThat(trouble).as("believed").isNotNull();
    return trouble;
  }
}
