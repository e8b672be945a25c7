package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.billing.v20180709.BillingClient;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The log of a production server: whoever has a `RequestId` finds what happened.
class LogAcceptanceIT {
  private final Installation installation = new Installation();

  @Test
  void each_request_has_one_line_of_json_that_its_request_id_finds() throws Exception {
    Installation.Node node = installation.start();
    Customer customer = node.operator().customer(Edition.CHINA, 100);
    Order order = node.operator().order(customer, 100);
    BillingClient client = Vendor.at("127.0.0.1:" + node.port()).client(customer.key());
    String paid = client.PayDeals(order.request()).getRequestId();
    String refused = "";
    try {
      client.PayDeals(order.request());
    } catch (TencentCloudSDKException e) {
      refused = e.getRequestId();
    }
    String unsigned =
        Connection.exchange(
                node.port(), "GET /?Action=PayDeals HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8))
            .requestId();
    node.stop();

    String out = node.program().out();
    requireLine(out, paid, "PayDeals", Answer.OK, customer);
    requireLine(out, refused, "PayDeals", "FailedOperation.InvalidDeal", customer);
    assertThat(lineOf(out, unsigned).get("code").asString()).isEqualTo("MissingParameter");
  }

  private static void requireLine(
      String out, String requestId, String action, String code, Customer customer) {
    JsonNode line = lineOf(out, requestId);
    assertThat(line.get("action").asString()).isEqualTo(action);
    assertThat(line.get("code").asString()).isEqualTo(code);
    assertThat(line.get("account").asString()).isEqualTo(Long.toString(customer.uin()));
    assertThat(line.get("time").asString()).endsWith("Z");
    assertThat(line.propertyNames()).contains("level", "address", "client", "ms", "laneMs");
  }

  private static JsonNode lineOf(String out, String requestId) {
    var json = new ObjectMapper();
    // All of it is JSON, so that a machine can read it.
    List<JsonNode> lines = out.lines().map(json::readTree).toList();
    List<JsonNode> found =
        lines.stream()
            .filter(line -> line.has("requestId"))
            .filter(line -> line.get("requestId").asString().equals(requestId))
            .toList();
    assertThat(found).as("lines of %s", requestId).hasSize(1);
    return found.getFirst();
  }
}
