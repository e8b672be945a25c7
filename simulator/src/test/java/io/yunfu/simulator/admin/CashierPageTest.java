package io.yunfu.simulator.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.AdminClient;
import io.yunfu.simulator.OneOrder;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CashierPageTest {
  private static final String HOSTILE = "<script>alert('1')</script>\"&";

  private Sandbox sandbox;
  private AdminClient admin;
  private String prepay;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxSettings.DEFAULT);
    admin = new AdminClient(sandbox);
    prepay = OneOrder.place(sandbox, "order000001", HOSTILE, 101);
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void all_that_can_be_paid_is_listed_and_linked() {
    String page = admin.page("/_sim/cashier").body();
    assertThat(page).contains("order000001", "¥1.01", "ref=" + prepay, "艾丽");
    assertThat(admin.page("/_sim/cashier?ref=" + prepay).body()).contains("立即支付", "¥1.01");
    assertThat(admin.page("/_sim/cashier?ref=order000001").body()).contains("立即支付");
  }

  @Test
  void nothing_of_a_merchant_gets_into_the_page_as_markup() {
    for (String path : new String[] {"/_sim/cashier", "/_sim/cashier?ref=" + prepay}) {
      String page = admin.page(path).body();
      assertThat(page).contains("&lt;script&gt;alert(&#39;1&#39;)").doesNotContain("<script");
    }
    assertThat(admin.page("/_sim/cashier?ref=%22%3E%3Cscript%3E").body())
        .contains("&quot;&gt;&lt;script&gt;")
        .doesNotContain("<script");
  }

  @Test
  void pages_load_nothing_from_elsewhere_and_run_no_script() {
    HttpResponse<String> page = admin.page("/_sim/cashier?ref=" + prepay);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'");
    assertThat(page.body()).doesNotContain("http://").doesNotContain("https://");
  }

  @ParameterizedTest
  @CsvSource({
    "success, 支付成功, SUCCESS",
    "cancel, 支付已取消, NOTPAY",
    "password_wrong, 支付密码错误, NOTPAY",
    "insufficient, 零钱余额不足, NOTPAY",
    "bank_error, 银行系统异常, PAYERROR",
    "pending, 支付处理中, USERPAYING",
    "closing, 支付成功, SUCCESS",
    "late, 支付成功, SUCCESS",
    "coupon, 支付成功, SUCCESS"
  })
  void each_button_does_what_it_says(String button, String text, String state) {
    HttpResponse<String> page =
        admin.form(
            "/_sim/cashier",
            "channel=wechat&ref=" + prepay + "&user=alice&coupon=0.10&type=CASH&action=" + button);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains(text, "<span id=\"state\">" + state + "</span>");
    assertThat(admin.get("/_sim/orders/order000001").at("/orders/0/state").asString())
        .isEqualTo(state);
  }

  @Test
  void an_unknown_button_user_or_order_is_refused() {
    assertThat(admin.form("/_sim/cashier", "ref=" + prepay + "&user=alice&action=x").statusCode())
        .isEqualTo(400);
    assertThat(
            admin
                .form("/_sim/cashier", "ref=" + prepay + "&user=nobody&action=success")
                .statusCode())
        .isEqualTo(400);
    assertThat(admin.form("/_sim/cashier", "ref=wx0&user=alice&action=success").statusCode())
        .isEqualTo(400);
    assertThat(admin.page("/_sim/cashier?ref=wx0").statusCode()).isEqualTo(404);
    assertThat(sandbox.proof().merchants()).allMatch(line -> line.paid().equals(Money.cny(0)));
  }

  @Test
  void the_bridge_is_a_script_for_pages_of_any_origin() {
    HttpResponse<String> script = admin.page("/_sim/jsbridge.js");
    assertThat(script.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(script.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/javascript");
    assertThat(script.body()).contains("WeixinJSBridge", "AlipayJSBridge", "getBrandWCPayRequest");
  }
}
