package io.yunfu.simulator.alipay;

import static io.yunfu.testkit.Property.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FundsPropertiesTest {
  private static final BigDecimal RATE = new BigDecimal("0.006");

  /// A payment and the refunds that it is given back in.
  private record Case(Funds paid, List<Money> refunds) {}

  @Test
  void refunds_of_all_give_everybody_exactly_what_it_paid() {
    forAll(
        FundsPropertiesTest::any,
        each -> {
          Funds left = each.paid();
          Money fees = left.fee(RATE);
          for (Money refund : each.refunds()) {
            Funds part = left.take(refund);
            assertThat(part.total()).isEqualTo(refund);
            assertThat(part.fromBuyer().isNegative()).isFalse();
            Funds next = left.minus(part); // would throw if anybody got more than it paid
            assertThat(next.fromBuyer().isNegative()).isFalse();
            Money feeBack = left.fee(RATE).minus(next.fee(RATE));
            assertThat(feeBack.isNegative()).isFalse();
            fees = fees.minus(feeBack);
            left = next;
          }
          assertThat(left.total().isZero()).isTrue();
          assertThat(left.fromBuyer().isZero()).isTrue();
          assertThat(left.fromPlatform().isZero()).isTrue();
          assertThat(fees.isZero()).isTrue();
        });
  }

  @Test
  void a_part_is_shared_in_proportion_to_the_fen() {
    var paid = new Funds(Money.cny(1000), Money.cny(300), Money.cny(200));
    Funds half = paid.take(Money.cny(500));
    assertThat(half).isEqualTo(new Funds(Money.cny(500), Money.cny(150), Money.cny(100)));
    assertThat(half.fromBuyer()).isEqualTo(Money.cny(250));
    assertThat(half.toMerchant()).isEqualTo(Money.cny(400));
  }

  @Test
  void a_payment_that_is_all_coupon_gives_the_buyer_nothing_back() {
    var paid = new Funds(Money.cny(3), Money.cny(2), Money.cny(1));
    assertThat(paid.take(Money.cny(1)).fromBuyer().isZero()).isTrue();
  }

  private static Case any(RandomGenerator random) {
    long total = 1L + random.nextInt(random.nextBoolean() ? 20 : 1_000_000);
    long platform = random.nextLong(total + 1);
    long merchant = random.nextLong(total - platform + 1);
    List<Money> refunds = new ArrayList<>();
    long left = total;
    while (left > 0) {
      long part = refunds.size() == 49 ? left : 1 + random.nextLong(left);
      refunds.add(Money.cny(part));
      left -= part;
    }
    return new Case(new Funds(Money.cny(total), Money.cny(platform), Money.cny(merchant)), refunds);
  }
}
