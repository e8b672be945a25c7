package io.yunfu.gateway.merchant;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.payment.TestGateway;
import io.yunfu.operator.MasterKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a node remembers of merchants, and for how long.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MerchantsIT {
  private static final String UNCOUNTED =
      """
      alter table sub_merchant disable trigger sub_merchant_changes;
      update sub_merchant set name = 'behind its back';
      alter table sub_merchant enable trigger sub_merchant_changes
      """;

  private final AtomicLong nanos = new AtomicLong();
  private TestGateway gateway;
  private Merchants merchants;

  @BeforeAll
  void open() {
    gateway = new TestGateway(Optional.empty());
    merchants = new Merchants(gateway.cells, MasterKey.of(new byte[MasterKey.BYTES]), nanos::get);
  }

  @AfterAll
  void close() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({
    "update provider_merchant set active = active",
    "update sub_merchant set active = active",
    "update shop set active = active",
    "update channel_account set platform = platform"
  })
  void a_merchant_is_read_again_once_something_of_it_was_changed_and_not_before(String change) {
    update("update sub_merchant set name = 'as it was'");
    pass(Merchants.FRESH);
    assertThat(name()).isEqualTo("as it was");
    update(UNCOUNTED);
    pass(Merchants.FRESH);
    assertThat(name()).isEqualTo("as it was");
    pass(Duration.ofDays(1));
    assertThat(name()).isEqualTo("as it was");
    update(change);
    pass(Merchants.FRESH);
    assertThat(name()).isEqualTo("behind its back");
  }

  @Test
  void whoever_was_not_known_is_looked_for_again() {
    var late = new SubMerchantId("gz02Late0000000000AA");
    assertThat(merchants.find(late)).isEmpty();
    gateway
        .manage
        .create(
            TestGateway.ANN,
            new ManageMerchants.NewSubMerchant(
                gateway.provider,
                Optional.of(late),
                "Late",
                Optional.empty(),
                PlacedSubMerchant.Settings.of("gz0200late")))
        .orThrow();
    assertThat(merchants.find(late)).isEmpty();
    pass(Merchants.FRESH);
    assertThat(merchants.find(late)).isPresent();
  }

  private String name() {
    return merchants.find(gateway.sub).orElseThrow().name();
  }

  private void update(String sql) {
    gateway.cell.database().execute(tx -> tx.update(sql));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
