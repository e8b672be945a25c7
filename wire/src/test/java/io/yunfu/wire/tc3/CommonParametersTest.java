package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Refusals.codeOf;
import static io.yunfu.wire.tc3.Requests.NOON;
import static io.yunfu.wire.tc3.Requests.form;
import static io.yunfu.wire.tc3.Requests.signedForm;
import static io.yunfu.wire.tc3.Requests.signedJson;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sections 1.4 and 1.8: what stands beside an action's own parameters.
class CommonParametersTest {
  private static final String BODY = "{\"OrderIds\":[\"a\"]}";

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "null", "ap-guangzhou", "moon-1"})
  void a_call_is_never_refused_for_its_region(String region) {
    assertThat(signedJson(BODY).with("X-TC-Region", region).pipeline().orderIds())
        .containsExactly("a");
  }

  @Test
  void the_region_null_that_node_sends_means_none() {
    assertThat(signedJson(BODY).header("X-TC-Region", "null").call().region()).isNull();
    assertThat(signedJson(BODY).header("X-TC-Region", "").call().region()).isNull();
    assertThat(signedJson(BODY).header("X-TC-Region", "ap-guangzhou").call().region())
        .isEqualTo("ap-guangzhou");
    assertThat(
            signedJson(BODY)
                .header("X-TC-Region", "a")
                .header("X-TC-Region", "b")
                .pipeline()
                .orderIds())
        .containsExactly("a");
  }

  @ParameterizedTest
  @CsvSource({
    "zh-CN, CHINESE",
    "zh-cn, CHINESE",
    "en-US, ENGLISH",
    "fr-FR, ENGLISH",
    "'', ENGLISH"
  })
  void other_languages_than_chinese_are_english(String sent, Language language) {
    assertThat(signedJson(BODY).header("X-TC-Language", sent).call().language())
        .isEqualTo(language);
    assertThat(signedForm("OrderIds.0=a&Language=" + sent).call().language()).isEqualTo(language);
  }

  @Test
  void without_a_language_english_is_spoken() {
    assertThat(signedJson(BODY).call().language()).isEqualTo(Language.ENGLISH);
    assertThat(signedForm("OrderIds.0=a").call().language()).isEqualTo(Language.ENGLISH);
  }

  @Test
  void a_call_that_lacks_its_action_is_still_answered_in_its_language() {
    assertThat(form("Language=zh-CN&Signature=x").decoded().language()).isEqualTo(Language.CHINESE);
  }

  @Test
  void a_request_that_cannot_be_decoded_is_answered_in_the_headers_language() {
    assertThat(Language.of(signedJson("[").header("X-TC-Language", "zh-CN").received().headers()))
        .isEqualTo(Language.CHINESE);
    assertThat(Language.of(signedJson("[").received().headers())).isEqualTo(Language.ENGLISH);
  }

  @Test
  void in_v3_common_parameters_stand_in_headers_only() {
    Requests request =
        Requests.get("OrderIds.0=a&Action=PayDeals")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .common()
            .with("X-TC-Action", null)
            .sign();
    assertThat(codeOf(request::call)).isEqualTo("MissingParameter");
  }

  @Test
  void in_v1_they_stand_among_the_parameters_only() {
    Requests request = form("Version=2018-07-09&Signature=x").header("X-TC-Action", "PayDeals");
    assertThat(Refusals.messageOf(request::call)).contains("`Action`");
  }

  @ParameterizedTest
  @ValueSource(longs = {-300, -299, -1, 0, 1, 299, 300})
  void a_clock_up_to_300_seconds_off_is_accepted(long off) {
    ApiCall call = signedJson(BODY).call();
    assertThat(codeOf(() -> call.requireFresh(Instant.ofEpochSecond(NOON + off))))
        .isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 301, -1_000_000_000, 1_000_000_000})
  void a_clock_further_off_is_refused_to_both_sides(long off) {
    ApiCall call = signedJson(BODY).call();
    assertThat(codeOf(() -> call.requireFresh(Instant.ofEpochSecond(NOON + off))))
        .isEqualTo("AuthFailure.SignatureExpire");
    ApiCall v1 = signedForm("OrderIds.0=a").call();
    assertThat(codeOf(() -> v1.requireFresh(Instant.ofEpochSecond(NOON + off))))
        .isEqualTo("AuthFailure.SignatureExpire");
  }

  @Test
  void a_fraction_of_a_second_past_the_window_is_past_it() {
    ApiCall call = signedJson(BODY).call();
    assertThat(codeOf(() -> call.requireFresh(Instant.ofEpochSecond(NOON + 300, 1))))
        .isEqualTo("AuthFailure.SignatureExpire");
  }

  @Test
  void the_same_bytes_sent_again_are_as_good_as_before() {
    Requests request = signedForm("OrderIds.0=a").header("X-Idempotency-Key", "x");
    assertThat(request.pipeline()).isEqualTo(request.pipeline());
  }

  @Test
  void a_nonce_may_have_63_bits() {
    Requests request =
        form(
            "Action=PayDeals&Version=2018-07-09&Timestamp=1767268800&SecretId=a&Signature=x"
                + "&Nonce=9223372036854775807");
    assertThat(((Credentials.Signed) request.call().credentials()).secretId()).isEqualTo("a");
  }

  @Test
  void the_right_token_of_a_temporary_key_is_accepted() {
    signedJson(BODY).header("X-TC-Token", "secret-token").call().requireToken("secret-token");
    signedForm("OrderIds.0=a&Token=secret-token").call().requireToken("secret-token");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "secret-toke", "secret-tokem", "secret-token2", "SECRET-TOKEN"})
  void another_token_or_none_is_refused_without_showing_either(String token) {
    ApiCall call = signedJson(BODY).with("X-TC-Token", token).call();
    ApiError error = Refusals.refusalOf(() -> call.requireToken("secret-token"));
    assertThat(error.code()).isEqualTo("AuthFailure.TokenFailure");
    assertThat(error.english() + error.chinese()).doesNotContain("secret", "SECRET");
  }

  @Test
  void an_unsigned_call_is_told_apart_so_that_the_server_can_decide() {
    Requests request = Requests.json(BODY).header("Authorization", "SKIP");
    assertThat(request.call().credentials()).isInstanceOf(Credentials.Skipped.class);
    assertThat(codeOf(request::pipeline)).isEqualTo("AuthFailure.InvalidAuthorization");
  }

  @Test
  void nothing_secret_is_printed() {
    ApiCall call = signedForm("OrderIds.0=a&Token=secret-token").call();
    String signature = ((SignatureV1) call.credentials()).toString();
    assertThat(call + signature + Requests.SECRET)
        .isEqualTo("ApiCall[PayDeals FORM_V1]SignatureV1[AKIDEXAMPLE]Secret[hidden]");
    assertThat(signedJson(BODY).call().credentials()).hasToString("SignatureV3[AKIDEXAMPLE]");
  }
}
