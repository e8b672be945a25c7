package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.wire.tc3.Secret;
import io.yunfu.wire.tc3.SignedRequest;
import io.yunfu.wire.tc3.Signer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTest {
  private static final String DEAL = "20261122000100000000001";
  private static final long NOON = 1_767_268_800;
  private static final long NEXT_DAY = NOON + 86_400;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:8080", "localhost:8080", "billing.tencentcloudapi.com"})
  void it_sends_byte_for_byte_what_the_wire_module_would_send(String host) {
    var client = new Client(new Client.Target(host), "AKIDEXAMPLE", "SKEXAMPLE");
    var signer = Signer.to(host, "AKIDEXAMPLE", Secret.of("SKEXAMPLE")).build();
    for (long time : List.of(NOON, NOON + 1, NEXT_DAY, NOON)) {
      assertThat(sent(client, time))
          .isEqualTo(text(signer.sign("PayDeals", Map.of("OrderIds", List.of(DEAL)), time)));
    }
  }

  private static String sent(Client client, long time) {
    ByteBuffer out = ByteBuffer.allocate(4096);
    client.write(out, BillingAction.PAY_DEALS, PayCall.body(DEAL), time);
    return new String(out.array(), 0, out.position(), ISO_8859_1);
  }

  private static String text(SignedRequest request) {
    var text = new StringBuilder();
    text.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    request
        .headers()
        .forEach(header ->
            text.append(header.name()).append(": ").append(header.value()).append("\r\n"));
    text.append("Content-Length: ").append(request.body().length).append("\r\n\r\n");
    return text + new String(request.body(), ISO_8859_1);
  }
}
