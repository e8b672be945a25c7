package io.yunfu.simulator.conformance;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.http.Port;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// The first service provider there is by default.
final class WechatMerchant {
  static final String MCH = "1900000001";
  static final String SUB = "1900000101";
  static final String APP = "wx00000000000000aa";
  static final String SUB_APP = "wx00000000000000bb";
  static final String KEY = "TESTKEY0000000000000000000000001";

  private WechatMerchant() {}

  /// What a page signs is good for two hours.
  static SandboxSettings settings() {
    return Walk.settings(Duration.ofMinutes(40));
  }

  static Map<String, Object> input(Sandbox sandbox, Path credentials) {
    Map<String, Object> input = Walk.input(sandbox, Port.WX_HTTPS, credentials);
    input.put("mch_id", MCH);
    input.put("api_key", KEY);
    input.put("appid", APP);
    input.put("sub_mch_id", SUB);
    input.put("sub_appid", SUB_APP);
    input.put("sub_openid", openid(sandbox));
    input.put("bill_date", billDate(sandbox));
    return input;
  }

  static String openid(Sandbox sandbox) {
    return sandbox.people().openid(sandbox.people().named(Walk.USER).orElseThrow(), SUB_APP);
  }

  static String billDate(Sandbox sandbox) {
    return Walk.day(sandbox).toString().replace("-", "");
  }
}
