package io.yunfu.simulator;

import io.yunfu.simulator.channel.Twists;
import io.yunfu.simulator.http.Header;
import io.yunfu.simulator.http.Inbound;
import io.yunfu.simulator.http.Port;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Places an order at the channel without a socket, for tests of what lies behind it.
public final class OneOrder {
  private static final String KEY = "TESTKEY0000000000000000000000001";

  private OneOrder() {}

  /// The prepay id of a new order for alice.
  public static String place(Sandbox sandbox, String number, String body, long fee) {
    var alice = sandbox.people().named("alice").orElseThrow();
    Map<String, String> fields = new TreeMap<>();
    fields.put("appid", "wx00000000000000aa");
    fields.put("mch_id", "1900000001");
    fields.put("sub_appid", "wx00000000000000bb");
    fields.put("sub_mch_id", "1900000101");
    fields.put("nonce_str", "nonce");
    fields.put("body", body);
    fields.put("out_trade_no", number);
    fields.put("total_fee", Long.toString(fee));
    fields.put("spbill_create_ip", "127.0.0.1");
    fields.put("notify_url", "http://127.0.0.1:9/notify");
    fields.put("trade_type", "JSAPI");
    fields.put("sub_openid", sandbox.people().openid(alice, "wx00000000000000bb"));
    var text = new StringBuilder();
    fields.forEach((name, value) -> text.append(name).append('=').append(value).append('&'));
    fields.put("sign", md5(text + "key=" + KEY));
    var xml = new StringBuilder("<xml>");
    fields.forEach(
        (name, value) -> xml.append("<%s><![CDATA[%s]]></%s>".formatted(name, value, name)));
    var inbound =
        new Inbound(
            "r-test",
            Port.WX_HTTP,
            "POST",
            "/pay/unifiedorder",
            null,
            List.of(new Header("Content-Type", "text/xml")),
            (xml + "</xml>").getBytes(StandardCharsets.UTF_8),
            Optional.empty());
    var call = sandbox.channel("wechat").read(inbound).orElseThrow();
    String answer =
        new String(
            sandbox
                .clock()
                .step(() -> call.perform(Twists.NONE))
                .encode(Twists.NONE)
                .reply()
                .body(),
            StandardCharsets.UTF_8);
    Matcher found = Pattern.compile("wx[0-9]{8}[0-9a-f]{26}").matcher(answer);
    if (!found.find()) {
      throw new AssertionError(answer);
    }
    return found.group();
  }

  private static String md5(String text) {
    try {
      return HexFormat.of()
          .withUpperCase()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
