package io.yunfu.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresSettingsTest {
  private static final long GIGABYTE = 1 << 30;

  @ParameterizedTest
  @CsvSource({"1, 128, 256", "4, 256, 1024", "24, 1536, 6144", "256, 2048, 65536"})
  void pages_are_kept_in_a_share_of_the_memory(long gigabytes, int pages, int cache) {
    assertThat(PostgresSettings.atEveryStart(gigabytes * GIGABYTE))
        .contains("shared_buffers = " + pages + "MB\n")
        .contains("effective_cache_size = " + cache + "MB\n");
  }
}
