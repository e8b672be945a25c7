package io.yunfu.wire.cpay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoticeAnswerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"response_content\":\"{\\\"status\\\":1}\"}",
        "{\"response_content\":\"{\\\"status\\\":\\\"104\\\",\\\"description\\\":\\\"x\\\"}\"}",
        "{\"response_content\":\"{\\\"status\\\":true}\",\"authen_info\":{}}",
      })
  void an_envelope_with_another_status_than_0_refuses(String answer) {
    assertThat(NoticeAnswer.refuses(answer.getBytes(UTF_8))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"response_content\":\"{\\\"status\\\":0}\"}",
        "{\"response_content\":\"{\\\"status\\\":\\\" 0 \\\"}\"}",
        "{\"response_content\":\"{\\\"description\\\":\\\"no status\\\"}\"}",
        "{\"response_content\":\"not json\"}",
        "{\"response_content\":{\"status\":1}}",
        "{\"status\":1}",
        "[1]",
        "success",
        "",
      })
  void whatever_else_comes_with_status_200_says_nothing_against_it(String answer) {
    assertThat(NoticeAnswer.refuses(answer.getBytes(UTF_8))).isFalse();
  }

  @Test
  void bytes_that_are_no_text_say_nothing() {
    assertThat(NoticeAnswer.refuses(new byte[] {(byte) 0xC0, (byte) 0x80})).isFalse();
  }
}
