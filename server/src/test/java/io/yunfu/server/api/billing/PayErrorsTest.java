package io.yunfu.server.api.billing;

import static io.yunfu.billing.account.Edition.CHINA;
import static io.yunfu.billing.account.Edition.INTL;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.account.Certification;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.pay.PayOutcome;
import io.yunfu.billing.pay.PayOutcome.Refused;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.billing.voucher.VoucherRule;
import io.yunfu.kernel.Money;
import io.yunfu.wire.tc3.ApiError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Section 2.4: one code per refusal and edition.
class PayErrorsTest {
  private static final DealId DEAL = new DealId("d1");
  private static final BigDealId BIG = new BigDealId("b1");
  private static final PayDealsInput INPUT =
      new PayDealsInput(List.of("d0", "d1", "d1"), List.of("b0", "b1"), 0, List.of(), 0, "");

  /// China: the 12 codes of its document. International: the 14 of its.
  private static final Set<String> CHINA_CODES =
      Set.of(
          "FailedOperation",
          "FailedOperation.AgentPayDealCannotDown",
          "FailedOperation.BalanceInsufficient",
          "FailedOperation.InvalidDeal",
          "FailedOperation.InvalidVoucher",
          "FailedOperation.NeedPayTogeter",
          "FailedOperation.PayPriceError",
          "FailedOperation.PaySuccDeliverFailed",
          "InvalidParameter",
          "InvalidParameterValue",
          "UnauthorizedOperation.NotCertification",
          "UnauthorizedOperation.NotFinanceAuth");

  private static final Set<String> INTL_CODES =
      Set.of(
          "FailedOperation",
          "FailedOperation.AgentPayDealCannotDown",
          "FailedOperation.BalanceInsufficient",
          "FailedOperation.InvalidDeal",
          "FailedOperation.InvalidVoucher",
          "FailedOperation.NeedPayTogeter",
          "FailedOperation.NeedPayTogether",
          "FailedOperation.PayPriceError",
          "FailedOperation.PaySuccDeliverFailed",
          "InvalidParameter",
          "InvalidParameterValue",
          "UnauthorizedOperation.CamNoAuth",
          "UnauthorizedOperation.CertificationNeedUpgrade",
          "UnauthorizedOperation.NotCertification");

  private static ApiError error(Refused refused, Edition edition) {
    return PayErrors.of(refused, edition, INPUT);
  }

  private static void assertCodes(Refused refused, String china, String intl) {
    assertThat(error(refused, CHINA).code()).isEqualTo(china);
    assertThat(error(refused, INTL).code()).isEqualTo(intl);
  }

  private static void assertCode(Refused refused, String code) {
    assertCodes(refused, code, code);
  }

  @Test
  void a_missing_right_has_another_code_in_each_edition() {
    assertCodes(
        new PayOutcome.NoRight(),
        "UnauthorizedOperation.NotFinanceAuth",
        "UnauthorizedOperation.CamNoAuth");
  }

  @Test
  void certification_has_one_code_in_china_and_two_internationally() {
    assertCode(
        new PayOutcome.NotCertified(Certification.NONE), "UnauthorizedOperation.NotCertification");
    for (var state : List.of(Certification.INCOMPLETE, Certification.NEED_UPGRADE)) {
      assertCodes(
          new PayOutcome.NotCertified(state),
          "UnauthorizedOperation.NotCertification",
          "UnauthorizedOperation.CertificationNeedUpgrade");
    }
  }

  @Test
  void a_package_that_is_not_whole_has_a_code_of_its_own_internationally_alone() {
    var refused = new PayOutcome.SoldAsPackage(BIG, List.of(new BigDealId("b2")));
    assertCodes(refused, "FailedOperation.NeedPayTogeter", "FailedOperation.NeedPayTogether");
    assertThat(error(refused, CHINA).english()).isEqualTo(error(refused, INTL).english());
  }

  @Test
  void the_other_refusals_have_the_same_code_in_both() {
    assertCode(new PayOutcome.GroupPays(), "FailedOperation");
    assertCode(new PayOutcome.AccountFrozen(), "FailedOperation");
    assertCode(new PayOutcome.SeveralOwners(), "FailedOperation");
    assertCode(new PayOutcome.UnknownDeal("d1"), "InvalidParameterValue");
    assertCode(new PayOutcome.UnknownBigDeal("b1"), "InvalidParameterValue");
    assertCode(
        new PayOutcome.BoughtTogether(DEAL, List.of(new DealId("d2"))),
        "FailedOperation.NeedPayTogeter");
    assertCode(new PayOutcome.CannotDowngrade(DEAL), "FailedOperation.AgentPayDealCannotDown");
    assertCode(new PayOutcome.PriceWrong(DEAL), "FailedOperation.PayPriceError");
    assertCode(
        new PayOutcome.BalanceInsufficient(Money.cny(1)), "FailedOperation.BalanceInsufficient");
  }

  @ParameterizedTest
  @EnumSource(DealStatus.class)
  void a_deal_that_cannot_be_paid_is_invalid_and_its_status_is_told(DealStatus status) {
    var refused = new PayOutcome.NotPayable(DEAL, status);
    assertCode(refused, "FailedOperation.InvalidDeal");
    if (status == DealStatus.UNPAID) {
      assertThat(error(refused, INTL).english()).contains("`d1`").contains("not prepaid");
    } else {
      assertThat(error(refused, INTL).english())
          .contains("`d1` is in status " + status.code() + ";");
      assertThat(error(refused, CHINA).chinese()).contains("当前状态为 " + status.code() + ",");
    }
  }

  @ParameterizedTest
  @EnumSource(VoucherRule.Reason.class)
  void a_voucher_that_does_not_fit_is_told_with_its_reason(VoucherRule.Reason reason) {
    var refused = new PayOutcome.VoucherUnusable(new VoucherId("v1"), reason);
    assertCode(refused, "FailedOperation.InvalidVoucher");
    assertThat(error(refused, CHINA).english())
        .matches("Voucher `v1` cannot be used for this payment: .{10,}\\.");
    assertThat(error(refused, CHINA).chinese()).matches("代金券 `v1` 不适用:.{5,}。");
  }

  @Test
  void no_two_reasons_of_a_voucher_read_alike() {
    var texts = new HashSet<String>();
    for (var reason : VoucherRule.Reason.values()) {
      var error = error(new PayOutcome.VoucherUnusable(new VoucherId("v1"), reason), CHINA);
      assertThat(texts.add(error.english())).isTrue();
      assertThat(texts.add(error.chinese())).isTrue();
    }
  }

  @Test
  void an_unknown_id_is_named_by_its_first_place_in_the_request() {
    assertThat(error(new PayOutcome.UnknownDeal("d1"), CHINA).english())
        .isEqualTo("Value `d1` of parameter `OrderIds.1` is not acceptable.");
    assertThat(error(new PayOutcome.UnknownBigDeal("b1"), INTL).chinese())
        .isEqualTo("参数 `BigDealIds.1` 的取值 `b1` 不正确。");
  }

  @Test
  void the_ids_that_are_missing_are_told() {
    var missing = List.of(new DealId("d2"), new DealId("d3"));
    assertThat(error(new PayOutcome.BoughtTogether(DEAL, missing), CHINA).english())
        .isEqualTo("Deal `d1` was ordered together with `d2, d3`; pay them in one call.");
  }

  @Test
  void how_much_is_missing_is_not_told() {
    assertThat(error(new PayOutcome.BalanceInsufficient(Money.cny(123)), CHINA).english())
        .isEqualTo("The payer's available amount does not cover this payment.");
  }

  @Test
  void no_edition_gets_a_code_that_its_document_does_not_list() {
    for (Refused refused : all()) {
      assertThat(CHINA_CODES).contains(error(refused, CHINA).code());
      assertThat(INTL_CODES).contains(error(refused, INTL).code());
    }
    assertThat(CHINA_CODES).contains(PayErrors.DELIVERY_FAILED.code(), PayErrors.BUSY.code());
    assertThat(INTL_CODES).contains(PayErrors.DELIVERY_FAILED.code(), PayErrors.BUSY.code());
  }

  private static List<Refused> all() {
    var all = new ArrayList<Refused>();
    all.add(new PayOutcome.NoRight());
    all.add(new PayOutcome.GroupPays());
    all.add(new PayOutcome.AccountFrozen());
    all.add(new PayOutcome.UnknownDeal("d1"));
    all.add(new PayOutcome.UnknownBigDeal("b1"));
    all.add(new PayOutcome.SeveralOwners());
    for (var state : Certification.values()) {
      if (state != Certification.COMPLETE) {
        all.add(new PayOutcome.NotCertified(state));
      }
    }
    for (var status : DealStatus.values()) {
      all.add(new PayOutcome.NotPayable(DEAL, status));
    }
    all.add(new PayOutcome.BoughtTogether(DEAL, List.of(DEAL)));
    all.add(new PayOutcome.SoldAsPackage(BIG, List.of(BIG)));
    all.add(new PayOutcome.CannotDowngrade(DEAL));
    all.add(new PayOutcome.PriceWrong(DEAL));
    for (var reason : VoucherRule.Reason.values()) {
      all.add(new PayOutcome.VoucherUnusable(new VoucherId("v1"), reason));
    }
    all.add(new PayOutcome.BalanceInsufficient(Money.usd(1)));
    return all;
  }
}
