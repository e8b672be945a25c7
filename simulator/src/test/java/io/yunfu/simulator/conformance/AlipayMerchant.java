package io.yunfu.simulator.conformance;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.http.Port;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The two applications there are by default.
final class AlipayMerchant {
  /// An application and one of its sellers.
  ///
  /// @param certificates whether its keys are proved by certificates
  record App(String id, String token, String seller, boolean certificates) {}

  static final App PLAIN =
      new App(
          "2021000000000001", "202601BBtoken0000000000000000000000A101", "2088000000000101", false);
  static final App CERTIFIED =
      new App(
          "2021000000000002", "202601BBtoken0000000000000000000000B201", "2088000000000201", true);

  private AlipayMerchant() {}

  /// A call is good for fifteen minutes.
  static SandboxSettings settings() {
    return Walk.settings(Duration.ofMinutes(14));
  }

  static Map<String, Object> input(Sandbox sandbox, Path credentials) {
    Map<String, Object> input = Walk.input(sandbox, Port.ALI_HTTPS, credentials);
    input.put("apps", List.of(input(PLAIN, CERTIFIED), input(CERTIFIED, PLAIN)));
    input.put("buyer_id", buyer(sandbox));
    input.put("bill_date", Walk.day(sandbox).toString());
    return input;
  }

  private static Map<String, Object> input(App app, App other) {
    return Map.of(
        "app_id", app.id(),
        "app_auth_token", app.token(),
        "seller_id", app.seller(),
        "certificates", app.certificates(),
        "other_app_id", other.id());
  }

  static String buyer(Sandbox sandbox) {
    return sandbox.people().named(Walk.USER).orElseThrow().alipayUserId();
  }
}
