package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.yunfu.wire.cpay.AuthenKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class UnknownOrdersTest {
  private static final String KEY = "4f6b2c9e8d1a7350bb64e0f1c2d3a495";
  private static final String ORDER = "m4x0001000000007";
  private static final String UNKNOWN = "{\"status\":103,\"internal_status\":90032}";
  private static final String PLACED =
      """
      {"status":0,"internal_status":0,"official_account_pay":{"order_content":{"out_trade_no":"%s",\
      "wxpay_order_content_ext":{"prepare_id":"wx1"}},"jsapi_args":{"wxpay":{"get_brand_wcpay":\
      {"package":"prepay_id=wx1"}}}}}\
      """
          .formatted(ORDER);

  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final Receipts receipts = new Receipts(0, 64);
  private final HttpServer server;

  UnknownOrdersTest() throws IOException {
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext(
        "/cpay/official_account_pay",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          byte[] answer = signed(answers.remove()).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void the_same_request_is_repeated_until_its_outcome_is_known() throws InterruptedException {
    answers.addAll(List.of(UNKNOWN, UNKNOWN, PLACED));
    orders().place(call());
    assertThat(asked).hasSize(3).containsOnly(asked.getFirst());
    assertThat(receipts.isAcknowledged(7)).isTrue();
  }

  @Test
  void an_order_that_is_refused_in_the_end_is_a_mistake() {
    answers.addAll(List.of(UNKNOWN, "{\"status\":104,\"internal_status\":90031}"));
    assertThatThrownBy(() -> orders().place(call()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("104/90031");
    assertThat(receipts.isAcknowledged(7)).isFalse();
  }

  private UnknownOrders orders() {
    return new UnknownOrders("127.0.0.1:" + server.getAddress().getPort());
  }

  private CpayCall call() {
    return new CpayCall(
        new CpayMerchant("127.0.0.1", "provider", "sub", "shop", "oPayer", 1_800_000_000, KEY),
        ORDER,
        7,
        receipts);
  }

  private static String signed(String content) {
    var json = JsonMapper.builder().build().createObjectNode().put("response_content", content);
    json.putObject("authen_info")
        .putObject("a")
        .put("authen_type", 1)
        .put("authen_code", AuthenKey.of(KEY).sign(content));
    return json.toString();
  }
}
