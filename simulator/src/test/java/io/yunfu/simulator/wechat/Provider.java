package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.http.Port;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/// A service provider's program, written apart from the simulator: it signs, calls over a real
/// socket, and verifies what comes back.
final class Provider {
  static final String KEY = "TESTKEY0000000000000000000000001";
  static final String MCH = "1900000001";
  static final String SUB = "1900000101";
  static final String APP = "wx00000000000000aa";
  static final String SUB_APP = "wx00000000000000bb";

  private final Sandbox sandbox;
  private final HttpClient plain =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(30))
          .build();
  private final String signType;
  private int nonces;

  Provider(Sandbox sandbox) {
    this(sandbox, "MD5");
  }

  Provider(Sandbox sandbox, String signType) {
    this.sandbox = sandbox;
    this.signType = signType;
  }

  /// The common fields of a request.
  Map<String, String> common() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("appid", APP);
    fields.put("mch_id", MCH);
    fields.put("sub_appid", SUB_APP);
    fields.put("sub_mch_id", SUB);
    return fields;
  }

  /// An order of 101 fen for alice.
  Map<String, String> order(String number) {
    Map<String, String> fields = common();
    fields.put("body", "测试门店-豆浆");
    fields.put("out_trade_no", number);
    fields.put("total_fee", "101");
    fields.put("spbill_create_ip", "127.0.0.1");
    fields.put("notify_url", "http://127.0.0.1:9/notify");
    fields.put("trade_type", "JSAPI");
    fields.put("sub_openid", openid("alice"));
    return fields;
  }

  String openid(String user) {
    return sandbox.people().openid(sandbox.people().named(user).orElseThrow(), SUB_APP);
  }

  Map<String, String> unifiedorder(Map<String, String> order) {
    return call("/pay/unifiedorder", order);
  }

  /// Places an order and returns its prepay id.
  String prepay(Map<String, String> order) {
    Map<String, String> answer = unifiedorder(order);
    assertThat(answer).containsEntry("result_code", "SUCCESS");
    return answer.get("prepay_id");
  }

  /// Places an order and has alice pay it.
  void paid(Map<String, String> order) {
    var paid =
        sandbox.pay(
            "wechat",
            prepay(order),
            "alice",
            new io.yunfu.simulator.channel.Payment.Action.Success());
    assertThat(paid.succeeded()).as(paid.text()).isTrue();
  }

  Map<String, String> query(String number) {
    Map<String, String> fields = common();
    fields.put("out_trade_no", number);
    return call("/pay/orderquery", fields);
  }

  Map<String, String> close(String number) {
    Map<String, String> fields = common();
    fields.put("out_trade_no", number);
    return call("/pay/closeorder", fields);
  }

  Map<String, String> refund(String number, String refundNumber, long total, long fee) {
    return refund(refundFields(number, refundNumber, total, fee));
  }

  Map<String, String> refundFields(String number, String refundNumber, long total, long fee) {
    Map<String, String> fields = common();
    fields.put("out_trade_no", number);
    fields.put("out_refund_no", refundNumber);
    fields.put("total_fee", Long.toString(total));
    fields.put("refund_fee", Long.toString(fee));
    return fields;
  }

  Map<String, String> refund(Map<String, String> fields) {
    return secured("/secapi/pay/refund", fields);
  }

  Map<String, String> refundQuery(String name, String value) {
    Map<String, String> fields = common();
    fields.put(name, value);
    return call("/pay/refundquery", fields);
  }

  /// Signs, calls in plain HTTP, verifies.
  Map<String, String> call(String path, Map<String, String> fields) {
    return verified(send(plain, Port.WX_HTTP, path, xml(signed(fields))));
  }

  /// The same with the client certificate of the provider.
  Map<String, String> secured(String path, Map<String, String> fields) {
    return verified(send(secure(MCH), Port.WX_HTTPS, path, xml(signed(fields))));
  }

  HttpResponse<byte[]> send(String path, byte[] body) {
    return send(plain, Port.WX_HTTP, path, body);
  }

  HttpResponse<byte[]> send(HttpClient client, Port port, String path, byte[] body) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(sandbox.base(port) + path))
              .timeout(Duration.ofMinutes(1))
              .header("Content-Type", "text/xml; charset=utf-8")
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A client that trusts the simulator and shows a certificate.
  ///
  /// @param name whose certificate; empty for none
  HttpClient secure(String name) {
    return secure(name.isEmpty() ? null : sandbox.credentials().client(name).keyStore("x"), "x");
  }

  HttpClient secure(KeyStore keys, String password) {
    try {
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(sandbox.trustStore());
      SSLContext context = SSLContext.getInstance("TLS");
      if (keys == null) {
        context.init(null, trust.getTrustManagers(), null);
      } else {
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, password.toCharArray());
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
      }
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(context)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  Map<String, String> signed(Map<String, String> fields) {
    Map<String, String> whole = new LinkedHashMap<>(fields);
    whole.putIfAbsent("nonce_str", "N0nce" + nonces++);
    if (!signType.equals("MD5")) {
      whole.putIfAbsent("sign_type", signType);
    }
    whole.put("sign", sign(whole, signType, KEY));
    return whole;
  }

  Map<String, String> verified(HttpResponse<byte[]> response) {
    assertThat(response.statusCode()).isEqualTo(200);
    Map<String, String> answer = parse(new String(response.body(), StandardCharsets.UTF_8));
    if ("SUCCESS".equals(answer.get("return_code"))) {
      assertThat(answer).containsEntry("sign", sign(answer, signType, KEY));
    } else {
      assertThat(answer).doesNotContainKey("sign");
    }
    return answer;
  }

  /// Source: channels.md, section 2.2, in other words than the simulator's.
  static String sign(Map<String, String> fields, String signType, String key) {
    List<String> pairs = new ArrayList<>();
    fields.forEach((name, value) -> {
      if (!value.isEmpty() && !name.equals("sign")) {
        pairs.add(name + "=" + value);
      }
    });
    Collections.sort(pairs);
    pairs.add("key=" + key);
    byte[] text = String.join("&", pairs).getBytes(StandardCharsets.UTF_8);
    try {
      byte[] sum;
      if (signType.equals("MD5")) {
        sum = MessageDigest.getInstance("MD5").digest(text);
      } else {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        sum = mac.doFinal(text);
      }
      return HexFormat.of().withUpperCase().formatHex(sum);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] xml(Map<String, String> fields) {
    var xml = new StringBuilder("<xml>\n");
    fields.forEach(
        (name, value) -> xml.append("  <%s><![CDATA[%s]]></%s>\n".formatted(name, value, name)));
    return xml.append("</xml>\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  static Map<String, String> parse(String xml) {
    try {
      var document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(xml)));
      Map<String, String> fields = new TreeMap<>();
      for (Node each = document.getDocumentElement().getFirstChild();
          each != null;
          each = each.getNextSibling()) {
        if (each instanceof Element element) {
          fields.put(element.getTagName(), element.getTextContent());
        }
      }
      return fields;
    } catch (Exception e) {
      throw new AssertionError("no XML: " + xml, e);
    }
  }
}
