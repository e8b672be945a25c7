package io.yunfu.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayConfig;
import com.alipay.api.AlipayObject;
import com.alipay.api.AlipayRequest;
import com.alipay.api.AlipayResponse;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.domain.AlipayDataDataserviceBillDownloadurlQueryModel;
import com.alipay.api.domain.AlipayTradeCloseModel;
import com.alipay.api.domain.AlipayTradeCreateModel;
import com.alipay.api.domain.AlipayTradeFastpayRefundQueryModel;
import com.alipay.api.domain.AlipayTradePrecreateModel;
import com.alipay.api.domain.AlipayTradeQueryModel;
import com.alipay.api.domain.AlipayTradeRefundModel;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.request.AlipayDataDataserviceBillDownloadurlQueryRequest;
import com.alipay.api.request.AlipayTradeCloseRequest;
import com.alipay.api.request.AlipayTradeCreateRequest;
import com.alipay.api.request.AlipayTradeFastpayRefundQueryRequest;
import com.alipay.api.request.AlipayTradePrecreateRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import com.alipay.api.response.AlipayTradeQueryResponse;
import io.yunfu.simulator.Receiver;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.channel.Payment;
import io.yunfu.simulator.conformance.AlipayMerchant.App;
import io.yunfu.simulator.http.Port;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Alipay's own Java package: the open API with plain keys and with certificates. It verifies each
/// answer itself.
class AlipayJavaConformanceIT {
  private static final String NUMBER = "alijava1";
  private static final String REFUND = "alijavaR1";
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  private Sandbox sandbox;
  private Receiver receiver;
  private Trusting trusting;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(AlipayMerchant.settings());
    receiver = new Receiver();
    receiver.always(Receiver.Reply.of(200, "success"));
    trusting = new Trusting(sandbox, directory);
  }

  @AfterEach
  void stop() {
    trusting.close();
    receiver.close();
    sandbox.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void alipay_sdk_java_walks_through_an_order(boolean certificates) throws Exception {
    App app = certificates ? AlipayMerchant.CERTIFIED : AlipayMerchant.PLAIN;
    var caller = new Calls(app, client(app, app));

    var created = caller.ask(new AlipayTradeCreateRequest(), order(NUMBER));
    assertThat(created.isSuccess()).as(created.getBody()).isTrue();
    assertThat(caller.query(NUMBER).getTradeStatus()).isEqualTo("WAIT_BUYER_PAY");
    pay(created.getTradeNo());
    Map<String, String> told = notice(app);
    assertThat(told)
        .containsEntry("trade_status", "TRADE_SUCCESS")
        .containsEntry("seller_id", app.seller())
        .containsEntry("subject", "测试门店-豆浆 \"大\" <杯>");
    var paid = caller.query(NUMBER);
    assertThat(paid.getTradeStatus()).isEqualTo("TRADE_SUCCESS");
    assertThat(paid.getTradeNo()).isEqualTo(told.get("trade_no"));
    assertThat(caller.ask(new AlipayTradeCreateRequest(), order(NUMBER)).getSubCode())
        .isEqualTo("ACQ.TRADE_HAS_SUCCESS");

    var refund = new AlipayTradeRefundModel();
    refund.setOutTradeNo(NUMBER);
    refund.setOutRequestNo(REFUND);
    refund.setRefundAmount("0.01");
    var refunded = caller.ask(new AlipayTradeRefundRequest(), refund);
    assertThat(refunded.getFundChange()).as(refunded.getBody()).isEqualTo("Y");
    assertThat(refunded.getRefundFee()).isEqualTo("0.01");
    assertThat(caller.ask(new AlipayTradeRefundRequest(), refund).getFundChange()).isEqualTo("N");
    assertThat(sandbox.notices().drain(LONG, false)).isTrue();
    assertThat(notice(app)).containsEntry("out_biz_no", REFUND).containsEntry("refund_fee", "0.01");
    var asked = new AlipayTradeFastpayRefundQueryModel();
    asked.setOutTradeNo(NUMBER);
    asked.setOutRequestNo(REFUND);
    var answered = caller.ask(new AlipayTradeFastpayRefundQueryRequest(), asked);
    assertThat(answered.getRefundStatus()).isEqualTo("REFUND_SUCCESS");
    assertThat(answered.getRefundAmount()).isEqualTo("0.01");

    var code = new AlipayTradePrecreateModel();
    code.setOutTradeNo("alijava2");
    code.setTotalAmount("2.02");
    code.setSubject("扫码");
    var scanned = caller.ask(new AlipayTradePrecreateRequest(), code);
    assertThat(caller.query("alijava2").getSubCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
    pay(scanned.getQrCode());
    assertThat(notice(app)).containsEntry("out_trade_no", "alijava2");

    caller.ask(new AlipayTradeCreateRequest(), order("alijava3"));
    var close = new AlipayTradeCloseModel();
    close.setOutTradeNo("alijava3");
    assertThat(caller.ask(new AlipayTradeCloseRequest(), close).isSuccess()).isTrue();
    assertThat(caller.query("alijava3").getTradeStatus()).isEqualTo("TRADE_CLOSED");

    assertThat(bill(caller)).contains(NUMBER, REFUND, "alijava2", "豆浆").doesNotContain("alijava3");
    assertThat(sandbox.proof().holds()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_strangers_key_fails_on_either_side(boolean certificates) throws Exception {
    App app = certificates ? AlipayMerchant.CERTIFIED : AlipayMerchant.PLAIN;
    App other = certificates ? AlipayMerchant.PLAIN : AlipayMerchant.CERTIFIED;
    // The package does not verify the answer to a signature that was refused.
    assertThat(new Calls(app, client(app, other)).query(NUMBER).getSubCode())
        .isEqualTo("isv.invalid-signature");

    sandbox.faults().add("{'channel': 'alipay', 'effect': {'kind': 'sign', 'fault': 'other_key'}}");
    var caller = new Calls(app, client(app, app));
    assertThatThrownBy(() -> caller.ask(new AlipayTradeCreateRequest(), order(NUMBER)))
        .isInstanceOf(AlipayApiException.class);
  }

  /// The trade bill of today, once it is ready.
  private String bill(Calls caller) throws Exception {
    var model = new AlipayDataDataserviceBillDownloadurlQueryModel();
    model.setBillType("trade");
    model.setBillDate(Walk.day(sandbox).toString());
    sandbox.clock().advance(Walk.UNTIL_BILL);
    // The package stamps its calls with the real time, which is long past here.
    sandbox
        .faults()
        .add(
            "{'channel': 'alipay', 'effect': {'kind': 'clock_skew', 'seconds': %d}}"
                .formatted(-Walk.UNTIL_BILL.toSeconds()));
    var link = caller.ask(new AlipayDataDataserviceBillDownloadurlQueryRequest(), model);
    assertThat(link.isSuccess()).as(link.getBody()).isTrue();
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(link.getBillDownloadUrl())).build();
      var response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      assertThat(response.statusCode()).isEqualTo(200);
      return unpacked(response.body());
    }
  }

  private static String unpacked(byte[] zip) throws IOException {
    Charset gbk = Charset.forName("GB18030");
    var text = new StringBuilder();
    try (var files = new ZipInputStream(new ByteArrayInputStream(zip), gbk)) {
      while (files.getNextEntry() != null) {
        text.append(new String(files.readAllBytes(), gbk));
      }
    }
    return text.toString();
  }

  private AlipayTradeCreateModel order(String number) {
    var order = new AlipayTradeCreateModel();
    order.setOutTradeNo(number);
    order.setTotalAmount("1.01");
    order.setSubject("测试门店-豆浆 \"大\" <杯>");
    order.setBuyerId(AlipayMerchant.buyer(sandbox));
    order.setProductCode("FACE_TO_FACE_PAYMENT");
    return order;
  }

  private void pay(String reference) {
    var paid = sandbox.pay("alipay", reference, Walk.USER, new Payment.Action.Success());
    assertThat(paid.succeeded()).as(paid.text()).isTrue();
    assertThat(sandbox.notices().drain(LONG, false)).isTrue();
  }

  /// The latest notice; its signature fits, and would not if the amount were another.
  private Map<String, String> notice(App app) throws AlipayApiException {
    Map<String, String> fields = new HashMap<>();
    for (String pair : receiver.received().getLast().split("&", -1)) {
      int equals = pair.indexOf('=');
      fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
    }
    assertThat(verifies(app, fields)).as(fields.toString()).isTrue();
    Map<String, String> forged = new HashMap<>(fields);
    forged.put("total_amount", "0.01");
    assertThat(verifies(app, forged)).isFalse();
    return fields;
  }

  private boolean verifies(App app, Map<String, String> fields) throws AlipayApiException {
    Map<String, String> copy = new HashMap<>(fields); // the package takes the signature out
    return app.certificates()
        ? AlipaySignature.rsaCertCheckV1(
            copy, file("alipay_" + app.id() + "_alipay_cert.crt").toString(), "UTF-8", "RSA2")
        : AlipaySignature.rsaCheckV1(copy, key(app, "alipay_public_key"), "UTF-8", "RSA2");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /// @param signer whose key signs the calls
  private AlipayClient client(App app, App signer) throws AlipayApiException {
    var config = new AlipayConfig();
    config.setServerUrl(sandbox.base(Port.ALI_HTTPS) + "/gateway.do");
    config.setAppId(app.id());
    config.setPrivateKey(key(signer, "app_private_key"));
    if (app.certificates()) {
      String prefix = "alipay_" + app.id();
      config.setAppCertPath(file(prefix + "_app_cert.crt").toString());
      config.setAlipayPublicCertPath(file(prefix + "_alipay_cert.crt").toString());
      config.setRootCertPath(file("alipay_root.crt").toString());
    } else {
      config.setAlipayPublicKey(key(app, "alipay_public_key"));
    }
    return new DefaultAlipayClient(config);
  }

  private String key(App app, String name) {
    byte[] pem =
        sandbox.credentials().file("alipay_" + app.id() + "_" + name + ".pem").orElseThrow();
    return new String(pem, StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----|\\s", "");
  }

  private Path file(String name) {
    try {
      return Files.write(directory.resolve(name), sandbox.credentials().file(name).orElseThrow());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Calls for one seller of an application.
  private final class Calls {
    private final App app;
    private final AlipayClient client;

    Calls(App app, AlipayClient client) {
      this.app = app;
      this.client = client;
    }

    <T extends AlipayResponse> T ask(AlipayRequest<T> request, AlipayObject model)
        throws AlipayApiException {
      request.setBizModel(model);
      request.setNotifyUrl(receiver.target("/notify").toString());
      return app.certificates()
          ? client.certificateExecute(request, null, app.token())
          : client.execute(request, null, app.token());
    }

    AlipayTradeQueryResponse query(String number) throws AlipayApiException {
      var model = new AlipayTradeQueryModel();
      model.setOutTradeNo(number);
      model.setQueryOptions(List.of("fund_bill_list"));
      return ask(new AlipayTradeQueryRequest(), model);
    }
  }
}
