package io.yunfu.simulator.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.AdminClient;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AdminApiTest {
  private static final Instant NOON = Instant.parse("2026-01-01T04:00:00Z");

  private Sandbox sandbox;
  private AdminClient admin;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxSettings.DEFAULT.withManualClock(NOON));
    admin = new AdminClient(sandbox);
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void it_is_up_and_says_where() {
    JsonNode health = admin.get("/_sim/health");
    assertThat(health.get("status").asString()).isEqualTo("up");
    assertThat(health.at("/simulator/listeners/wx-http").asString())
        .isEqualTo(sandbox.base(io.yunfu.simulator.http.Port.WX_HTTP).toString());
  }

  @Test
  void the_clock_is_set_and_moved() {
    admin.post("/_sim/clock/advance", "{'seconds': 90}");
    assertThat(admin.get("/_sim/clock").get("now").asString()).isEqualTo("2026-01-01T04:01:30Z");
    admin.post("/_sim/clock", "{'mode': 'manual', 'now': '2026-02-01T00:00:00+08:00'}");
    assertThat(sandbox.clock().now()).isEqualTo(Instant.parse("2026-01-31T16:00:00Z"));
    admin.post("/_sim/clock", "{'mode': 'scaled', 'factor': 3600}");
    assertThat(admin.get("/_sim/clock").get("mode").asString()).isEqualTo("scaled");
    assertThat(admin.refused("POST", "/_sim/clock", "{'mode': 'backwards'}", 400))
        .contains("system, scaled, manual");
    assertThat(admin.refused("POST", "/_sim/clock/advance", "{'seconds': -1}", 400))
        .contains("seconds");
  }

  @Test
  void a_reset_leaves_nothing_behind() {
    admin.post("/_sim/users", "{'name': 'frank'}");
    admin.post("/_sim/faults", "{'effect': 'timeout_after'}");
    admin.post("/_sim/settings", "{'latency': '50ms', 'wechat': {'close': 'lenient'}}");
    admin.post("/_sim/clock/advance", "{'seconds': 90}");
    admin.post("/_sim/reset", "");
    assertThat(sandbox.people().named("frank")).isEmpty();
    assertThat(sandbox.faults().rules()).isEmpty();
    assertThat(sandbox.clock().now()).isEqualTo(NOON);
    JsonNode settings = admin.get("/_sim/settings");
    assertThat(settings.get("latency").asString()).isEqualTo("none");
    assertThat(settings.at("/wechat/close").asString()).isEqualTo("strict");
  }

  @Test
  void a_merchant_is_added_and_shown_without_its_key() {
    admin.post(
        "/_sim/merchants/wechat",
        """
        {'mch_id': '1900009999', 'name': '新服务商', 'appids': ['wx000000000000a001'],
         'api_key': '0123456789abcdef0123456789abcdef',
         'sub': [{'sub_mch_id': '1900009901', 'sub_appids': ['wx000000000000a002'],
                  'refundable_balance': 5000}]}
        """);
    String shown = admin.get("/_sim/merchants").toString();
    assertThat(shown)
        .contains("1900009999", "1900009901", "5000")
        .doesNotContain("0123456789abcdef");
    assertThat(admin.page("/_sim/health").body()).doesNotContain("0123456789abcdef");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'mch_id': '1900009999', 'appids': ['wx1'], 'api_key': 'short'}",
        "{'mch_id': 'abc', 'appids': ['wx1'], 'api_key': '0123456789abcdef0123456789abcdef'}",
        "{'mch_id': '1900009999', 'appids': [], 'api_key': '0123456789abcdef0123456789abcdef'}",
        "{'mch_id': '1900009999', 'appids': ['wx1'], 'api_key': '0123456789abcdef0123456789abcdef', 'colour': 1}",
        "{'mch_id': '1900009999', 'appids': ['wx1'], 'api_key': '0123456789abcdef0123456789abcdef', 'sub': [{'sub_mch_id': '1900000101'}]}",
        "no json",
        "[]"
      })
  void a_merchant_that_makes_no_sense_is_refused(String body) {
    assertThat(admin.refused("POST", "/_sim/merchants/wechat", body, 400)).isNotEmpty();
    assertThat(admin.get("/_sim/merchants").toString()).doesNotContain("1900009999");
  }

  @Test
  void a_user_is_added_with_ids_and_money() {
    admin.post(
        "/_sim/users",
        "{'name': 'xiaoyun', 'display': '小云', 'balance': 500, 'openids': {'wx00000000000000bb': 'oXiaoYun'}}");
    assertThat(sandbox.people().byOpenid("wx00000000000000bb", "oXiaoYun").orElseThrow().name())
        .isEqualTo("xiaoyun");
    assertThat(admin.get("/_sim/users").toString()).contains("小云", "oXiaoYun", "500");
    assertThat(admin.refused("POST", "/_sim/users", "{'name': 'xiaoyun'}", 400))
        .contains("already");
    assertThat(admin.refused("POST", "/_sim/users", "{'name': 'a b'}", 400)).contains("name");
    assertThat(
            admin.refused(
                "POST",
                "/_sim/users",
                "{'name': 'other', 'openids': {'wx00000000000000bb': 'oXiaoYun'}}",
                400))
        .contains("taken");
    assertThat(sandbox.people().named("other")).isEmpty();
  }

  @Test
  void files_for_clients_are_handed_out() {
    assertThat(admin.page("/_sim/credentials/ca.pem").body()).startsWith("-----BEGIN CERTIFICATE");
    var _ = sandbox.credentials().client("1900000001");
    assertThat(admin.get("/_sim/credentials").toString()).contains("1900000001.p12");
    assertThat(admin.refused("GET", "/_sim/credentials/..%2f..%2fetc%2fpasswd", "", 404))
        .contains("no file");
  }

  @Test
  void counts_are_there_for_prometheus() {
    String metrics = admin.page("/_sim/metrics").body();
    assertThat(metrics).contains("# TYPE yunfu_simulator_requests_total counter");
  }

  @Test
  void what_is_not_there_is_not_found_and_the_wrong_method_is_told() {
    assertThat(admin.refused("GET", "/_sim/nothing", "", 404)).contains("/_sim/nothing");
    assertThat(admin.refused("GET", "/_sim/reset", "", 405)).contains("GET");
    assertThat(admin.refused("GET", "/_sim/orders/unknown", "", 404)).contains("unknown");
    assertThat(admin.refused("GET", "/_sim/bill/wechat/yesterday", "", 400)).contains("yesterday");
    assertThat(admin.refused("GET", "/_sim/bill/cash/2026-01-01", "", 404)).contains("cash");
  }

  @Test
  void pages_of_other_sites_cannot_change_anything() {
    var response = admin.request("POST", "/_sim/reset", "", "Sec-Fetch-Site", "cross-site");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(
            admin
                .request(
                    "POST",
                    "/_sim/bridge",
                    "{\"channel\": \"wechat\", \"parameters\": {}}",
                    "Sec-Fetch-Site",
                    "cross-site")
                .statusCode())
        .isEqualTo(200);
  }
}
