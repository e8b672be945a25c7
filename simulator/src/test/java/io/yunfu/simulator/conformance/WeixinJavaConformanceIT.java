package io.yunfu.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.binarywang.wxpay.bean.notify.WxPayNotifyResponse;
import com.github.binarywang.wxpay.bean.order.WxPayMpOrderResult;
import com.github.binarywang.wxpay.bean.request.WxPayDownloadBillRequest;
import com.github.binarywang.wxpay.bean.request.WxPayRefundQueryRequest;
import com.github.binarywang.wxpay.bean.request.WxPayRefundRequest;
import com.github.binarywang.wxpay.bean.request.WxPayUnifiedOrderRequest;
import com.github.binarywang.wxpay.bean.result.WxPayBillInfo;
import com.github.binarywang.wxpay.config.WxPayConfig;
import com.github.binarywang.wxpay.exception.WxPayException;
import com.github.binarywang.wxpay.service.WxPayService;
import com.github.binarywang.wxpay.service.impl.WxPayServiceImpl;
import io.yunfu.simulator.AdminClient;
import io.yunfu.simulator.Receiver;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.channel.Payment;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.notice.Notice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Maven `weixin-java-pay` (WxJava): WeChat Pay version 2 with both algorithms. It verifies answers
/// and notices itself.
class WeixinJavaConformanceIT {
  private static final String NUMBER = "wxjava1";
  private static final String REFUND = "wxjavaR1";
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  private Sandbox sandbox;
  private Receiver receiver;
  private Trusting trusting;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(WechatMerchant.settings());
    receiver = new Receiver();
    receiver.always(Receiver.Reply.of(200, WxPayNotifyResponse.success("OK")));
    trusting = new Trusting(sandbox, directory);
  }

  @AfterEach
  void stop() {
    trusting.close();
    receiver.close();
    sandbox.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "HMAC-SHA256"})
  void weixin_java_pay_creates_pays_and_verifies_the_notice(String signType) throws Exception {
    WxPayService service = service(signType, WechatMerchant.KEY);
    WxPayMpOrderResult page = service.createOrder(order(NUMBER).build());
    assertThat(service.queryOrder(null, NUMBER).getTradeState()).isEqualTo("NOTPAY");
    opensTheCashier(page);

    pay(page);
    String body = receiver.received().getFirst();
    var notice = service.parseOrderNotifyResult(body);
    assertThat(notice.getOutTradeNo()).isEqualTo(NUMBER);
    assertThat(notice.getTotalFee()).isEqualTo(101);
    assertThat(notice.getAttach()).isEqualTo("a=1&b=2");
    assertThat(sandbox.notices().all())
        .extracting(Notice::state)
        .containsExactly(Notice.State.DELIVERED);
    String forged = body.replaceFirst("(<total_fee>.*?)101", "$11");
    assertThat(forged).isNotEqualTo(body);
    assertThatThrownBy(() -> service.parseOrderNotifyResult(forged))
        .isInstanceOf(WxPayException.class);

    var paid = service.queryOrder(null, NUMBER);
    assertThat(paid.getTradeState()).isEqualTo("SUCCESS");
    assertThat(paid.getTransactionId()).isEqualTo(notice.getTransactionId());
    assertRefused("ORDERPAID", () -> service.unifiedOrder(order(NUMBER).build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "HMAC-SHA256"})
  void weixin_java_pay_refunds_with_its_certificate(String signType) throws Exception {
    WxPayService service = service(signType, WechatMerchant.KEY);
    service.getConfig().setKeyPath(certificate().toString());
    pay(service.createOrder(order(NUMBER).build()));

    var asked =
        service.refund(
            WxPayRefundRequest.newBuilder()
                .outTradeNo(NUMBER)
                .outRefundNo(REFUND)
                .totalFee(101)
                .refundFee(1)
                .notifyUrl(receiver.target("/refunded").toString())
                .build());
    assertThat(asked.getRefundFee()).isEqualTo(1);
    var query = WxPayRefundQueryRequest.newBuilder().outRefundNo(REFUND).build();
    assertThat(service.refundQuery(query).getRefundRecords().getFirst().getRefundStatus())
        .isEqualTo("PROCESSING");
    sandbox.clock().advance(Duration.ofSeconds(10));
    assertThat(sandbox.notices().drain(LONG, false)).isTrue();
    var refunded = service.refundQuery(query).getRefundRecords().getFirst();
    assertThat(refunded.getRefundStatus()).isEqualTo("SUCCESS");
    assertThat(refunded.getRefundId()).isEqualTo(asked.getRefundId());

    var told = service.parseRefundNotifyResult(receiver.received().getLast()).getReqInfo();
    assertThat(told.getOutRefundNo()).isEqualTo(REFUND);
    assertThat(told.getRefundFee()).isEqualTo(1);
    assertThat(told.getRefundStatus()).isEqualTo("SUCCESS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "HMAC-SHA256"})
  void weixin_java_pay_closes_an_order_and_understands_errors(String signType) throws Exception {
    WxPayService service = service(signType, WechatMerchant.KEY);
    var scanned = service.unifiedOrder(order(NUMBER).tradeType("NATIVE").productId("p1").build());
    assertThat(scanned.getCodeURL()).startsWith("weixin:");
    sandbox.clock().advance(Duration.ofSeconds(301));
    service.closeOrder(NUMBER);
    assertThat(service.queryOrder(null, NUMBER).getTradeState()).isEqualTo("CLOSED");

    assertRefused("ORDERNOTEXIST", () -> service.queryOrder(null, "nobody"));
    assertThatThrownBy(() -> service(signType, "x".repeat(32)).queryOrder(null, NUMBER))
        .isInstanceOf(WxPayException.class)
        .hasMessageContaining("签名错误");
  }

  @Test
  void weixin_java_pay_parses_the_bill_packed_and_not() throws Exception {
    WxPayService service = service("MD5", WechatMerchant.KEY);
    pay(service.createOrder(order(NUMBER).build()));
    String day = WechatMerchant.billDate(sandbox);
    sandbox.clock().advance(Walk.UNTIL_BILL);
    for (String packing : new String[] {null, "GZIP"}) {
      var bill =
          service.downloadBill(
              WxPayDownloadBillRequest.newBuilder()
                  .billType("ALL")
                  .billDate(day)
                  .tarType(packing)
                  .build());
      assertThat(bill.getTotalRecord()).isEqualTo("1");
      assertThat(bill.getTotalFee()).isEqualTo("1.01");
      assertThat(bill.getBillInfoList())
          .singleElement()
          .extracting(
              WxPayBillInfo::getOutTradeNo, WxPayBillInfo::getTradeState, WxPayBillInfo::getBody)
          .containsExactly(NUMBER, "SUCCESS", "测试门店-豆浆 <&>");
    }
    assertThat(sandbox.proof().holds()).isTrue();
  }

  private WxPayService service(String signType, String key) {
    var config = new WxPayConfig();
    config.setApiHostUrl(sandbox.base(Port.WX_HTTPS).toString());
    config.setAppId(WechatMerchant.APP);
    config.setMchId(WechatMerchant.MCH);
    config.setMchKey(key);
    config.setSubAppId(WechatMerchant.SUB_APP);
    config.setSubMchId(WechatMerchant.SUB);
    config.setSignType(signType);
    config.setNotifyUrl(receiver.target("/paid").toString());
    var service = new WxPayServiceImpl();
    service.setConfig(config);
    return service;
  }

  private Path certificate() throws IOException {
    var _ = sandbox.credentials().client(WechatMerchant.MCH);
    byte[] file = sandbox.credentials().file(WechatMerchant.MCH + ".p12").orElseThrow();
    return Files.write(directory.resolve("certificate.p12"), file);
  }

  private WxPayUnifiedOrderRequest.WxPayUnifiedOrderRequestBuilder order(String number) {
    return WxPayUnifiedOrderRequest.newBuilder()
        .tradeType("JSAPI")
        .outTradeNo(number)
        .totalFee(101)
        .body("测试门店-豆浆 <&>")
        .attach("a=1&b=2")
        .spbillCreateIp("127.0.0.1")
        .subOpenid(WechatMerchant.openid(sandbox));
  }

  private void opensTheCashier(WxPayMpOrderResult page) {
    var parameters =
        Json.object()
            .put("appId", page.getAppId())
            .put("timeStamp", page.getTimeStamp())
            .put("nonceStr", page.getNonceStr())
            .put("package", page.getPackageValue())
            .put("signType", page.getSignType())
            .put("paySign", page.getPaySign());
    var call = Json.object().put("channel", "wechat");
    call.set("parameters", parameters);
    var opened = new AdminClient(sandbox).post("/_sim/bridge", Json.text(call));
    assertThat(opened.has("id")).as(opened.toString()).isTrue();
  }

  private void pay(WxPayMpOrderResult page) {
    String prepayId = page.getPackageValue().substring("prepay_id=".length());
    var paid = sandbox.pay("wechat", prepayId, Walk.USER, new Payment.Action.Success());
    assertThat(paid.succeeded()).as(paid.text()).isTrue();
    assertThat(sandbox.notices().drain(LONG, false)).isTrue();
  }

  private static void assertRefused(
      String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WxPayException.class, e -> assertThat(e.getErrCode()).isEqualTo(code));
  }
}
