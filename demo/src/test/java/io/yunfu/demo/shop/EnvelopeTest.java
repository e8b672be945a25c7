package io.yunfu.demo.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final String KEY = "696FF05FA7CE76664211A47CD788CC30";

  /// Source: `cloudpay.md` section 1.3, vectors of the published terminal guide.
  @Test
  void codes_are_those_that_were_published() {
    assertThat(Envelope.signed("ea90ceba", KEY).code())
        .isEqualTo("2F09EFCB064D4F9A4A0BABD5260842D8AC4D0611F4B941A03A77E5E55B5168D7");
    assertThat(
            Envelope.signed(
                    "ac=p9fa01zex4mi&rs=c44f32e0&sn=LANDI_QM600_LA190000000",
                    "c852274d372982d5530b692fd77124d3")
                .code())
        .isEqualTo("E0CA8FDA56464BDF702FCA1AE9692EB99483E065879247763B3A46B576EBF5AC");
  }

  @Test
  void a_notice_is_verified_over_the_text_as_it_came() {
    Envelope sent = Envelope.signed("{\"a\": \"\\u4e91\"}\n", KEY);
    Envelope came = Envelope.ofNotice(sent.bytes()).orElseThrow();
    assertThat(came).isEqualTo(sent);
    assertThat(came.isFrom(KEY)).isTrue();
    assertThat(came.json().get("a").asString()).isEqualTo("云");
  }

  @Test
  void another_key_another_text_or_no_code_at_all_is_not_from_us() {
    Envelope sent = Envelope.signed("{}", KEY);
    assertThat(sent.isFrom(KEY.toLowerCase(java.util.Locale.ROOT))).isFalse();
    assertThat(new Envelope("{} ", sent.code()).isFrom(KEY)).isFalse();
    assertThat(new Envelope("{}", null).isFrom(KEY)).isFalse();
    assertThat(new Envelope("{}", "no digits").isFrom(KEY)).isFalse();
    assertThat(new Envelope("{}", "").isFrom(KEY)).isFalse();
  }

  @Test
  void what_is_no_envelope_is_none() {
    for (String body :
        new String[] {
          "", "[", "{}", "null", "{\"request_content\": {}}", "{\"request_content\": \"1\"}"
        }) {
      assertThat(Envelope.ofNotice(body.getBytes(UTF_8))).as(body).isEmpty();
    }
  }
}
