package io.yunfu.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.db.ConstraintViolated;
import io.yunfu.gateway.payment.TestGateway;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the database refuses by itself, whoever asks for it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayConstraintsIT {
  private TestGateway gateway;

  @BeforeAll
  void anOrder() {
    gateway = new TestGateway(Optional.empty());
    gateway.place(gateway.first(), "gz0200abcd20260301000001", 100);
  }

  @AfterAll
  void close() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insert into channel_attempt (attempt_id, payment_id, operation, fingerprint, state, sent_at)"
            + " select attempt_id + 1, payment_id + 1000000000000, operation, fingerprint, state, sent_at"
            + " from channel_attempt | channel_attempt_has_payment",
        "insert into payment (payment_id, out_trade_no, merchant, out_shop_id, platform, sub_platform, state, total,"
            + " currency, request, fingerprint, created_at, updated_at, expires_at)"
            + " select payment_id + 1, 'another', merchant + 1000000000000, out_shop_id, platform, sub_platform, state,"
            + " total, currency, request, fingerprint, created_at, updated_at, expires_at from payment"
            + " | payment_has_merchant"
      })
  void a_row_without_what_it_belongs_to_is_refused(String insert, String constraint) {
    assertThatThrownBy(() -> update(insert))
        .isInstanceOfSatisfying(
            ConstraintViolated.class,
            refused -> assertThat(refused.constraint()).isEqualTo(constraint));
  }

  @Test
  void a_posting_is_of_one_payment() {
    update("insert into posting values (1, 'collect', 'channel:wechat', 'notice', 'x', now())");
    assertThatThrownBy(() ->
            update(
                """
                insert into payment (payment_id, out_trade_no, merchant, out_shop_id, platform, sub_platform, state, total,
                                     currency, request, fingerprint, created_at, updated_at, expires_at, paid_at,
                                     settlement, posting_id)
                select payment_id + n, 'paid ' || n, merchant, out_shop_id, platform, sub_platform, 'paid', total, currency,
                       request, fingerprint, created_at, updated_at, expires_at, created_at, total, 1
                  from payment
                 cross join generate_series(1, 2) as paid (n)
                """))
        .isInstanceOfSatisfying(
            ConstraintViolated.class,
            refused -> assertThat(refused.constraint()).isEqualTo("payment_by_posting"));
  }

  @ParameterizedTest
  @CsvSource({"payment", "sub_merchant"})
  void what_others_refer_to_is_never_removed(String table) {
    for (String removal : new String[] {"delete from " + table, "truncate " + table + " cascade"}) {
      assertThatThrownBy(() -> update(removal))
          .isInstanceOf(ConstraintViolated.class)
          .hasMessageContaining("rows of " + table + " stay");
    }
  }

  private void update(String sql) {
    gateway.cell.database().execute(tx -> tx.update(sql));
  }
}
