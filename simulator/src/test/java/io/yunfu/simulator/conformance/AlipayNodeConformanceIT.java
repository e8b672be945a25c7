package io.yunfu.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.http.Credentials;
import io.yunfu.simulator.record.RequestLog;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// npm `alipay-sdk`: the open API with plain keys and with certificates.
class AlipayNodeConformanceIT {
  @TempDir Path credentials;

  @Test
  void alipay_sdk_pays_refunds_closes_and_fetches_the_bill() {
    try (var sandbox = Sandbox.start(AlipayMerchant.settings().withCredentials(credentials))) {
      NodeClients.run(
          "alipay.mjs",
          credentials.resolve(Credentials.AUTHORITY_FILE),
          AlipayMerchant.input(sandbox, credentials));
      assertThat(sandbox.requests().counts())
          .containsEntry(new RequestLog.Count("alipay", "bill.download", "OK"), 2L);
      assertThat(sandbox.proof().holds()).isTrue();
    }
  }
}
