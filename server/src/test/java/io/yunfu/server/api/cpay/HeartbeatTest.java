package io.yunfu.server.api.cpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private final Heartbeat heartbeat = new Heartbeat(_ -> Response.json(200, "{\"call\":true}"));

  @Test
  void a_terminal_that_keeps_its_connection_is_answered_with_nothing() {
    assertThat(answer(Request.get("/", Headers.NONE))).isEmpty();
    var usual = Headers.of("Host", "pay.example.com", "Accept", "*/*", "Connection", "keep-alive");
    Response response = heartbeat.handle(Request.get("/", usual));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void what_can_be_a_call_of_the_billing_api_is_its_to_answer() {
    assertThat(answer(Request.get("/?Action=PayDeals", Headers.NONE))).isNotEmpty();
    assertThat(answer(Request.get("/", Headers.of("X-TC-Action", "PayDeals")))).isNotEmpty();
    assertThat(answer(Request.get("/", Headers.of("x-tc-version", "2018-07-09")))).isNotEmpty();
    assertThat(answer(Request.get("/", Headers.of("Authorization", "SKIP")))).isNotEmpty();
    assertThat(answer(Request.of("POST", "/", Headers.NONE, new byte[0]))).isNotEmpty();
    assertThat(answer(Request.of("PUT", "/", Headers.NONE, new byte[0]))).isNotEmpty();
  }

  private byte[] answer(Request request) {
    return heartbeat.handle(request).body();
  }
}
