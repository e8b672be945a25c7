package io.yunfu.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.http.Credentials;
import io.yunfu.simulator.record.RequestLog;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// npm `wechatpay-axios-plugin`: WeChat Pay version 2 with both algorithms, its certificate from
/// the two PEM files, the bill through its parser.
class WechatpayAxiosConformanceIT {
  @TempDir Path credentials;

  @Test
  void wechatpay_axios_plugin_pays_refunds_closes_and_reads_the_bill() {
    try (var sandbox = Sandbox.start(WechatMerchant.settings().withCredentials(credentials))) {
      NodeClients.run(
          "wechatpay.mjs",
          credentials.resolve(Credentials.AUTHORITY_FILE),
          WechatMerchant.input(sandbox, credentials));
      assertThat(sandbox.requests().counts())
          .containsEntry(new RequestLog.Count("wechat", "refund", "OK"), 2L)
          .containsEntry(new RequestLog.Count("wechat", "downloadbill", "OK"), 1L);
      assertThat(sandbox.proof().holds()).isTrue();
    }
  }
}
