package io.yunfu.server.api.billing;

import io.yunfu.billing.account.Certification;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.pay.PayOutcome;
import io.yunfu.billing.pay.PayOutcome.Refused;
import io.yunfu.billing.voucher.VoucherRule;
import io.yunfu.wire.tc3.ApiError;
import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.ErrorTemplate;

/// The business errors of PayDeals: codes, spelling mistakes included, are the vendor's (billing
/// 2018-07-09, PayDeals, section 6 of both editions); the sentences are ours. Which code stands for
/// which refusal depends on the edition of the caller.
final class PayErrors {
  static final ErrorTemplate NO_FINANCE_RIGHT =
      error(
          "UnauthorizedOperation.NotFinanceAuth",
          "This user may not pay for the account.",
          "当前用户无财务权限。");
  static final ErrorTemplate NO_CAM_RIGHT =
      error(
          "UnauthorizedOperation.CamNoAuth",
          "This user may not pay for the account.",
          "当前用户无财务权限。");
  static final ErrorTemplate NOT_CERTIFIED =
      error(
          "UnauthorizedOperation.NotCertification",
          "Identity verification is required before paying.",
          "请先完成实名认证。");
  static final ErrorTemplate CERTIFICATION_NEEDS_UPGRADE =
      error(
          "UnauthorizedOperation.CertificationNeedUpgrade",
          "Complete the identity data of this account before paying.",
          "请完善实名信息。");
  static final ErrorTemplate INVALID_DEAL =
      error(
          "FailedOperation.InvalidDeal",
          "Deal `{0}` is in status {1}; only unpaid deals can be paid.",
          "订单 `{0}` 当前状态为 {1},不可支付。");
  static final ErrorTemplate NOT_PREPAID =
      INVALID_DEAL.saying(
          "Deal `{0}` is not prepaid; only prepaid deals can be paid.", "订单 `{0}` 不是预付费订单,不可支付。");
  static final ErrorTemplate BOUGHT_TOGETHER =
      error(
          "FailedOperation.NeedPayTogeter",
          "Deal `{0}` was ordered together with `{1}`; pay them in one call.",
          "订单 `{0}` 须与 `{1}` 同时支付。");
  static final ErrorTemplate SOLD_AS_PACKAGE =
      error(
          "FailedOperation.NeedPayTogether",
          "Order `{0}` belongs to a package with `{1}`; pay them in one call.",
          "套餐订单 `{0}` 须与 `{1}` 一并支付。");
  static final ErrorTemplate CANNOT_DOWNGRADE =
      error(
          "FailedOperation.AgentPayDealCannotDown",
          "Deal `{0}` downgrades a resource that was paid on behalf.",
          "订单 `{0}` 对应资源为代付,不支持降配。");
  static final ErrorTemplate PRICE_WRONG =
      error(
          "FailedOperation.PayPriceError",
          "The amount of deal `{0}` could not be charged.",
          "订单 `{0}` 扣款失败。");
  static final ErrorTemplate BALANCE_INSUFFICIENT =
      error(
          "FailedOperation.BalanceInsufficient",
          "The payer's available amount does not cover this payment.",
          "付款账户可用金额不足。");
  static final ErrorTemplate DELIVERY_FAILED =
      error(
          "FailedOperation.PaySuccDeliverFailed",
          "Paid, but delivery failed for `{0}`.",
          "已支付,以下订单发货失败:`{0}`。");
  static final ErrorTemplate SEVERAL_OWNERS =
      CommonErrors.FAILED_OPERATION.saying(
          "The deals belong to several accounts; pay those of one account in one call.",
          "订单属于多个账号,请按账号分别支付。");
  static final ErrorTemplate GROUP_PAYS =
      CommonErrors.FAILED_OPERATION.saying(
          "This account is under unified payment: its group payer pays, with AgentPay `{0}`.",
          "该账号由集团统一付款,请使用 AgentPay `{0}`。");
  static final ErrorTemplate FROZEN =
      CommonErrors.FAILED_OPERATION.saying(
          "The account that owns the deals or pays for them is frozen.", "订单所属账号或付款账号已被冻结。");
  static final ErrorTemplate BUSY =
      CommonErrors.FAILED_OPERATION.saying(
          "The deals or the account were in use for too long. Nothing was changed; try again.",
          "订单或账户正被占用,未做任何变更,请重试。");

  private PayErrors() {}

  private static ErrorTemplate error(String code, String english, String chinese) {
    return new ErrorTemplate(code, english, chinese);
  }

  /// The codes that only one edition has are chosen here, and nowhere else.
  static ApiError of(Refused refused, Edition edition, PayDealsInput input) {
    boolean china = edition == Edition.CHINA;
    return switch (refused) {
      case PayOutcome.NoRight() -> (china ? NO_FINANCE_RIGHT : NO_CAM_RIGHT).with();
      case PayOutcome.GroupPays() -> GROUP_PAYS.with(3);
      case PayOutcome.AccountFrozen() -> FROZEN.with();
      case PayOutcome.UnknownDeal(var id) ->
          CommonErrors.INVALID_PARAMETER_VALUE.with(
              id, PayDealsInput.ORDER_IDS + "." + input.orderIds().indexOf(id));
      case PayOutcome.UnknownBigDeal(var id) ->
          CommonErrors.INVALID_PARAMETER_VALUE.with(
              id, PayDealsInput.BIG_DEAL_IDS + "." + input.bigDealIds().indexOf(id));
      case PayOutcome.SeveralOwners() -> SEVERAL_OWNERS.with();
      case PayOutcome.NotCertified(var state) -> certification(state, china).with();
      case PayOutcome.NotPayable(var deal, var status) ->
          status == DealStatus.UNPAID
              ? NOT_PREPAID.with(deal)
              : INVALID_DEAL.with(deal, status.code());
      case PayOutcome.BoughtTogether(var deal, var missing) -> BOUGHT_TOGETHER.with(deal, missing);
      case PayOutcome.SoldAsPackage(var bigDeal, var missing) ->
          china
              ? new ErrorTemplate(
                      BOUGHT_TOGETHER.code(), SOLD_AS_PACKAGE.english(), SOLD_AS_PACKAGE.chinese())
                  .with(bigDeal, missing)
              : SOLD_AS_PACKAGE.with(bigDeal, missing);
      case PayOutcome.CannotDowngrade(var deal) -> CANNOT_DOWNGRADE.with(deal);
      case PayOutcome.PriceWrong(var deal) -> PRICE_WRONG.with(deal);
      case PayOutcome.VoucherUnusable(var voucher, var reason) -> voucher(reason).with(voucher);
      case PayOutcome.BalanceInsufficient(var missing) -> BALANCE_INSUFFICIENT.with();
    };
  }

  /// The China edition knows one code for everything short of complete. The international one has a
  /// second for accounts that were verified and have to complete their data.
  private static ErrorTemplate certification(Certification state, boolean china) {
    return switch (state) {
      case NONE -> NOT_CERTIFIED;
      case INCOMPLETE, NEED_UPGRADE -> china ? NOT_CERTIFIED : CERTIFICATION_NEEDS_UPGRADE;
      case COMPLETE -> throw new IllegalStateException("a complete certification is no refusal");
    };
  }

  private static ErrorTemplate voucher(VoucherRule.Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> voucher("there is no such voucher", "代金券不存在");
      case NOT_UNUSED -> voucher("it is used up or not spendable", "代金券已用完或不可用");
      case NOT_YET_VALID -> voucher("it is not valid yet", "代金券未到生效时间");
      case EXPIRED -> voucher("it has expired", "代金券已过期");
      case PAY_MODE -> voucher("it is not for prepaid deals", "代金券不适用于预付费订单");
      case CURRENCY -> voucher("it is in another currency", "代金券币种不符");
      case PRODUCT -> voucher("it does not cover these products", "代金券不适用于所购产品");
      case SCENE -> voucher("it does not cover this kind of deal", "代金券不适用于该订单类型");
      case PROMOTION -> voucher("the deals are of a promotion without vouchers", "促销订单不可使用代金券");
      case MINIMUM_SPEND -> voucher("its minimum spend is not reached", "未达到代金券最低消费金额");
    };
  }

  private static ErrorTemplate voucher(String reason, String chineseReason) {
    return error(
        "FailedOperation.InvalidVoucher",
        "Voucher `{0}` cannot be used for this payment: " + reason + ".",
        "代金券 `{0}` 不适用:" + chineseReason + "。");
  }
}
