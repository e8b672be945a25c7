package io.yunfu.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final String BODY = "{\"Response\":{\"RequestId\":\"eac6b301\"}}";
  private static final String WHOLE =
      "HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;

  private final Answer answer = new Answer();

  @Test
  void an_answer_may_arrive_in_any_two_pieces() {
    for (int i = 1; i < WHOLE.length(); i++) {
      answer.clear();
      assertThat(take(WHOLE.substring(0, i))).as("after %d bytes", i).isFalse();
      assertThat(take(WHOLE.substring(i))).isTrue();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body(1000)).isEqualTo(BODY);
    }
  }

  @Test
  void the_length_is_found_in_any_spelling_and_place() {
    assertThat(take("HTTP/1.1 404 Not Found\r\ncontent-LENGTH:2\r\nx: y\r\n\r\nno")).isTrue();
    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void texts_are_found_in_the_body_alone() {
    take("HTTP/1.1 200 OK\r\nX: \"Code\":\"head\"\r\nContent-Length: 13\r\n\r\n\"Code\":\"body\"");
    assertThat(answer.textAfter("\"Code\":\"".getBytes(UTF_8))).isEqualTo("body");
    assertThat(answer.lengthAfter("\"Code\":\"".getBytes(UTF_8))).isEqualTo(4);
    assertThat(answer.lengthAfter("\"Other\":\"".getBytes(UTF_8))).isEqualTo(-1);
  }

  @Test
  void an_answer_longer_than_the_first_buffer_is_whole() {
    String body = "x".repeat(100_000);
    take("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    assertThat(take(body)).isTrue();
    assertThat(answer.body(200_000)).isEqualTo(body);
  }

  @Test
  void an_announced_end_of_the_connection_is_seen() {
    take("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assertThat(answer.isLast()).isTrue();
    answer.clear();
    take(WHOLE);
    assertThat(answer.isLast()).isFalse();
  }

  @Test
  void what_is_no_answer_is_refused() {
    assertThatThrownBy(() -> take("SSH-2.0-OpenSSH_9.2\r\n\r\n"))
        .isInstanceOf(Answer.Malformed.class);
    answer.clear();
    assertThatThrownBy(() -> take("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
        .hasMessage("an answer without Content-Length");
    answer.clear();
    assertThatThrownBy(() -> take(WHOLE + "HTTP/1.1")).hasMessage("more bytes than one answer");
  }

  private boolean take(String bytes) {
    return answer.take(ByteBuffer.wrap(bytes.getBytes(UTF_8)));
  }
}
