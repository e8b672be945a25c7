package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.CreateOrder.WechatExtras;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  private static final OrderDetails DETAILS =
      new OrderDetails(
          "coffee",
          "",
          "",
          new WechatExtras(
              Optional.of("attached"), Optional.empty(), Optional.empty(), Optional.empty()),
          "wx1",
          "",
          "",
          "",
          "",
          new OrderDetails.Terminal(
              Optional.empty(),
              Optional.empty(),
              OptionalInt.of(100),
              OptionalLong.empty(),
              Optional.empty(),
              Optional.empty(),
              "127.0.0.1",
              Optional.of("sn")),
          "nonce",
          "");

  @Test
  void what_is_absent_is_left_out_and_stays_absent() {
    String text = Documents.write(DETAILS);
    assertThat(text)
        .contains("\"wechat\":{\"attach\":\"attached\"}")
        .doesNotContain("goodsTag", "deviceId", "machineNo");
    assertThat(Documents.read(text, OrderDetails.class)).isEqualTo(DETAILS);
  }

  @Test
  void documents_of_earlier_versions_name_what_is_absent() {
    String text =
        """
        {"body":"coffee","detail":"","remark":"","wechat":{"attach":"attached","goodsTag":null,"productId":null,
         "limitPay":null},"appId":"wx1","subAppId":"","openId":"","subOpenId":"","userId":"","terminal":{"deviceId":null,
         "staffId":null,"terminalType":100,"subTerminalType":null,"machineNo":null,"sdkVersion":null,
         "address":"127.0.0.1","snCode":"sn"},"nonce":"nonce","callerNotifyUrl":""}
        """;
    assertThat(Documents.read(text, OrderDetails.class)).isEqualTo(DETAILS);
  }
}
