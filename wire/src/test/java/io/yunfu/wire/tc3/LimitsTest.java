package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Refusals.codeOf;
import static io.yunfu.wire.tc3.Requests.form;
import static io.yunfu.wire.tc3.Requests.get;
import static io.yunfu.wire.tc3.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// "Clock, replay, size", section 1.8.
class LimitsTest {
  private static final String TOO_LARGE = "RequestSizeLimitExceeded";

  @Test
  void the_defaults_are_the_documented_ones() {
    assertThat(Limits.DEFAULTS)
        .isEqualTo(new Limits(32_768, 1_048_576, 10_485_760, 16, 10_000, 10_485_760));
    assertThat(Limits.DEFAULTS.largestBody()).isEqualTo(10_485_760);
  }

  @Test
  void a_get_may_have_a_target_of_32_kib_path_and_question_mark_included() {
    String query = "a=" + "x".repeat(32_768 - 4);
    assertThat(codeOf(() -> get(query).decoded())).isEqualTo("none");
    assertThat(codeOf(() -> get(query + "x").decoded())).isEqualTo(TOO_LARGE);
    assertThat(codeOf(() -> get(query).path("/b").decoded())).isEqualTo(TOO_LARGE);
    assertThat(codeOf(() -> get(null).path("/".repeat(32_769)).decoded())).isEqualTo(TOO_LARGE);
  }

  @Test
  void a_get_is_not_measured_by_a_body_that_does_not_count() {
    ReceivedRequest received = get("a=b").received();
    var withBody = new ReceivedRequest("GET", "/", "a=b", received.headers(), new byte[20 << 20]);
    assertThat(codeOf(() -> DecodedRequest.of(withBody, Limits.DEFAULTS))).isEqualTo("none");
  }

  @Test
  void a_post_of_v1_may_have_1_mib() {
    String body = "a=" + "x".repeat(1_048_576 - 2);
    assertThat(codeOf(() -> form(body).decoded())).isEqualTo("none");
    assertThat(codeOf(() -> form(body + "x").decoded())).isEqualTo(TOO_LARGE);
  }

  @Test
  void a_post_of_v3_may_have_10_mib() {
    String body = "{\"CpsUin\":\"" + "x".repeat(10_485_760 - 13) + "\"}";
    assertThat(codeOf(() -> json(body).header("Authorization", "x").decoded())).isEqualTo("none");
    assertThat(codeOf(() -> json(body + " ").header("Authorization", "x").decoded()))
        .isEqualTo(TOO_LARGE);
  }

  @Test
  void other_limits_may_be_set() {
    var small = new Limits(10, 10, 20, 2, 2, 100);
    assertThat(codeOf(() -> DecodedRequest.of(get("a=456789").received(), small)))
        .isEqualTo("none");
    assertThat(codeOf(() -> DecodedRequest.of(get("a=4567890").received(), small)))
        .isEqualTo(TOO_LARGE);
    assertThat(codeOf(() -> DecodedRequest.of(form("a=34567890").received(), small)))
        .isEqualTo("none");
    assertThat(codeOf(() -> DecodedRequest.of(form("a=345678901").received(), small)))
        .isEqualTo(TOO_LARGE);
    assertThat(codeOf(() -> DecodedRequest.of(form("a.b.c=1").received(), small)))
        .isEqualTo("InvalidParameter");
    assertThat(codeOf(() -> DecodedRequest.of(json("{\"a\":[1]}").received(), small)))
        .isEqualTo("InvalidParameter");
  }

  @Test
  void limits_of_nothing_are_refused() {
    assertThatThrownBy(() -> new Limits(0, 1, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(1, 0, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(1, 1, 0, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(1, 1, 1, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(1, 1, 1, 101, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(1, 1, 1, 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(1, 1, 1, 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
