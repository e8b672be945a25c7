package io.yunfu.billing.voucher;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.testkit.Property;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DeductionPropertiesTest {
  private record Case(Voucher voucher, List<Deal> deals, long cents) {}

  @Test
  void the_parts_add_up_and_no_part_exceeds_its_deal() {
    Property.forAll(
        DeductionPropertiesTest::any,
        each -> {
          var deduction = Deduction.spread(each.voucher, each.cents, each.deals);
          long sum = 0;
          for (Deal deal : each.deals) {
            long part = deduction.of(deal.id());
            assertThat(part).isBetween(0L, deal.payable().cents());
            sum += part;
          }
          assertThat(sum).isEqualTo(each.cents);
        });
  }

  @Test
  void no_part_is_a_whole_cent_away_from_its_exact_share() {
    Property.forAll(
        DeductionPropertiesTest::any,
        each -> {
          long total = each.deals.stream().mapToLong(deal -> deal.payable().cents()).sum();
          var deduction = Deduction.spread(each.voucher, each.cents, each.deals);
          for (Deal deal : each.deals) {
            var exact =
                BigDecimal.valueOf(each.cents)
                    .multiply(BigDecimal.valueOf(deal.payable().cents()))
                    .divide(BigDecimal.valueOf(total), 10, RoundingMode.HALF_UP);
            assertThat(BigDecimal.valueOf(deduction.of(deal.id())).subtract(exact).abs())
                .isLessThan(BigDecimal.ONE);
          }
        });
  }

  @Test
  void what_is_left_over_goes_to_the_largest_remainder_and_then_to_the_first_deal() {
    // 10 cents over 3, 3, 3: three each, and the odd one to the first.
    var equal =
        Deduction.spread(voucher(), 10, List.of(deal("a", 30), deal("b", 30), deal("c", 30)));
    assertThat(equal.of(new DealId("a"))).isEqualTo(4);
    assertThat(equal.of(new DealId("b"))).isEqualTo(3);
    // 1 cent over 1 : 2 has the remainders 1/3 and 2/3.
    var uneven = Deduction.spread(voucher(), 1, List.of(deal("a", 10), deal("b", 20)));
    assertThat(uneven.of(new DealId("a"))).isZero();
    assertThat(uneven.of(new DealId("b"))).isEqualTo(1);
  }

  private static Case any(RandomGenerator random) {
    var deals = new ArrayList<Deal>();
    long total = 0;
    for (int i = 0; i < random.nextInt(1, 8); i++) {
      long cents = random.nextInt(5) == 0 ? random.nextLong(1L << 40) : random.nextLong(200);
      deals.add(deal("d" + i, cents));
      total += cents;
    }
    if (total == 0) {
      deals.add(deal("more", 1));
      total = 1;
    }
    return new Case(voucher(), deals, random.nextLong(1, total + 1));
  }

  private static Deal deal(String id, long cents) {
    return new Deal(
        new DealId(id),
        new BigDealId("b"),
        1,
        "",
        new Uin(1),
        new Uin(1),
        DealStatus.UNPAID,
        "p",
        "sp",
        "purchase",
        "prePay",
        Money.cny(cents),
        new Deal.Price(0, 1, BigDecimal.ONE, 0, 0),
        true,
        List.of(),
        Instant.MAX);
  }

  private static Voucher voucher() {
    return new Voucher(
        new VoucherId("v"),
        new Uin(1),
        VoucherStatus.UNUSED,
        Currency.CNY,
        Long.MAX_VALUE,
        "",
        Set.of("*"),
        List.of("*"),
        List.of(),
        0,
        true,
        LocalDate.MIN,
        LocalDate.MAX);
  }
}
