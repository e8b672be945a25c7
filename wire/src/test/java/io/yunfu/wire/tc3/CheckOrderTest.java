package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Refusals.codeOf;
import static io.yunfu.wire.tc3.Refusals.messageOf;
import static io.yunfu.wire.tc3.Requests.NOON;
import static io.yunfu.wire.tc3.Requests.signedJson;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// "Gateway check order", section 1.11: of several flaws, the earliest in the list is answered.
class CheckOrderTest {
  private static final String HUGE = "[" + " ".repeat(10 << 20);
  private static final String BROKEN = "[";

  @Test
  void every_flaw_hides_all_that_come_after_it() {
    Requests flawed =
        Requests.post(HUGE)
            .method("PUT")
            .header("Content-Type", "application/json")
            .header("Host", "billing.tencentcloudapi.com")
            .header("Authorization", "nonsense");
    assertThat(codeOf(flawed::pipeline)).isEqualTo("UnsupportedProtocol");
    flawed.method("POST");
    assertThat(codeOf(flawed::pipeline)).isEqualTo("RequestSizeLimitExceeded");

    flawed = withBody(BROKEN).with("Authorization", "nonsense");
    assertThat(messageOf(flawed::pipeline)).contains("not well-formed");

    flawed = withBody("{\"OrderIds\":1,\"Foo\":1}").with("Authorization", "nonsense");
    assertThat(messageOf(flawed::pipeline)).contains("`Action` is missing");
    flawed.header("X-TC-Action", "Nothing");
    assertThat(messageOf(flawed::pipeline)).contains("`Version` is missing");
    flawed.header("X-TC-Version", "1999-01-01");
    assertThat(messageOf(flawed::pipeline)).contains("`Timestamp` is missing");
    flawed.header("X-TC-Timestamp", "then");
    assertThat(messageOf(flawed::pipeline)).contains("`Timestamp` must be");
    flawed.with("X-TC-Timestamp", Long.toString(NOON - 301));
    assertThat(codeOf(flawed::pipeline)).isEqualTo("NoSuchVersion");
    flawed.with("X-TC-Version", "2018-07-09");
    assertThat(codeOf(flawed::pipeline)).isEqualTo("InvalidAction");
    flawed.with("X-TC-Action", "PayDeals");
    assertThat(codeOf(flawed::pipeline)).isEqualTo("AuthFailure.InvalidAuthorization");
    flawed
        .with("Authorization", null)
        .authorization("2026-01-01/billing", "content-type;host", "0");
    String authorization = flawed.received().headers().all("Authorization").getFirst();
    flawed.with("Authorization", authorization.replace("AKIDEXAMPLE", "AKIDOTHER"));
    assertThat(codeOf(flawed::pipeline)).isEqualTo("AuthFailure.SecretIdNotFound");
    flawed.with("Authorization", authorization);
    assertThat(codeOf(flawed::pipeline)).isEqualTo("AuthFailure.SignatureExpire");
    flawed.with("X-TC-Timestamp", Long.toString(NOON));
    assertThat(codeOf(flawed::pipeline)).isEqualTo("AuthFailure.SignatureFailure");
    flawed.with("Authorization", null).sign();
    assertThat(codeOf(flawed::pipeline)).isEqualTo("UnknownParameter");
  }

  private static Requests withBody(String body) {
    return Requests.post(body)
        .header("Content-Type", "application/json")
        .header("Host", "billing.tencentcloudapi.com");
  }

  @Test
  void of_the_parameters_missing_comes_before_unknown_and_unknown_before_type() {
    Requests request = signedJson("{\"Foo\":1,\"AutoVoucher\":\"x\"}");
    assertThat(codeOf(request::pipeline)).isEqualTo("MissingParameter");
    request = signedJson("{\"OrderIds\":[1],\"Foo\":1,\"AutoVoucher\":\"x\"}");
    assertThat(codeOf(request::pipeline)).isEqualTo("UnknownParameter");
    request = signedJson("{\"AutoVoucher\":\"x\",\"OrderIds\":[1]}");
    assertThat(messageOf(request::pipeline)).contains("`OrderIds.0` must be of type `String`");
  }

  @Test
  void of_several_unknown_parameters_the_first_sent_is_named() {
    Requests request = signedJson("{\"Zeta\":1,\"OrderIds\":[\"a\"],\"Alpha\":1}");
    assertThat(messageOf(request::pipeline)).contains("`Zeta`");
  }
}
