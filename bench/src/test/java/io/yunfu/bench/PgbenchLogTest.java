package io.yunfu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgbenchLogTest {
  @TempDir Path logs;

  @Test
  void payments_count_by_the_moment_they_ended() throws IOException {
    Files.writeString(
        logs.resolve("log.17"),
        """
        0 1 1500 0 1000 999000
        0 2 2500 0 1001 500000
        0 3 9000 0 1002 0
        """);
    Files.writeString(logs.resolve("log.17.1"), "1 1 3500 0 1001 0\n");
    var receipts = new Receipts(11, 100);

    var log = PgbenchLog.read(logs, 2, 1_001_000, 1_002_000, receipts);

    assertThat(log.payments()).isEqualTo(2);
    assertThat(log.latencies().getMinValue()).isBetween(2490L, 2510L);
    // Client 0 has paid the deals 11, 13 and 15, client 1 the deal 12.
    assertThat(log.end()).isEqualTo(16);
    assertThat(receipts.acknowledged()).isEqualTo(4);
    assertThat(receipts.isAcknowledged(12)).isTrue();
    assertThat(receipts.isAcknowledged(14)).isFalse();
  }
}
