package io.yunfu.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.http.Credentials;
import io.yunfu.simulator.record.RequestLog;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// npm `tenpay`: WeChat Pay version 2 with both algorithms, the page's signature, notices through
/// its middleware, the bill through its parser.
class TenpayConformanceIT {
  @TempDir Path credentials;

  @Test
  void tenpay_pays_refunds_closes_and_reads_the_bill() {
    try (var sandbox = Sandbox.start(WechatMerchant.settings().withCredentials(credentials))) {
      NodeClients.run(
          "tenpay.mjs",
          credentials.resolve(Credentials.AUTHORITY_FILE),
          WechatMerchant.input(sandbox, credentials));
      assertThat(sandbox.requests().counts())
          .containsEntry(new RequestLog.Count("wechat", "refund", "OK"), 2L)
          .containsEntry(new RequestLog.Count("wechat", "downloadbill", "OK"), 2L);
      assertThat(sandbox.proof().holds()).isTrue();
    }
  }
}
