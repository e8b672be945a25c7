package io.yunfu.server.api.billing;

import static io.yunfu.wire.tc3.Type.INTEGER;
import static io.yunfu.wire.tc3.Type.STRING;

import io.yunfu.billing.account.Edition;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.Ids;
import io.yunfu.billing.pay.PayCommand.Target;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.ErrorTemplate;
import io.yunfu.wire.tc3.ParameterReader;
import java.util.List;
import java.util.Optional;

/// The parameters of PayDeals as sent, of the right types, and what they must be besides
/// (`billing.md` section 2.2). The two lists keep their duplicates, so that an error can name the
/// place of an id.
record PayDealsInput(
    List<String> orderIds,
    List<String> bigDealIds,
    long autoVoucher,
    List<String> voucherIds,
    long agentPay,
    String cpsUin) {
  static final String ORDER_IDS = "OrderIds";
  static final String BIG_DEAL_IDS = "BigDealIds";

  /// Unit: characters. Ours.
  private static final int MAX_CPS_UIN = 64;

  private static final ErrorTemplate BOTH_LISTS =
      CommonErrors.INVALID_PARAMETER.saying(
          "Give either `{0}` or `{1}`, not both.", "`{0}` 与 `{1}` 不能同时传入。");
  private static final ErrorTemplate NEITHER_LIST =
      CommonErrors.INVALID_PARAMETER.saying(
          "One of `{0}` and `{1}` must be given.", "`{0}` 与 `{1}` 必须传入其一。");
  private static final ErrorTemplate TOO_MANY =
      CommonErrors.INVALID_PARAMETER_VALUE.saying(
          "Parameter `{0}` holds `{1}` different ids, the limit is `{2}`.",
          "参数 `{0}` 含 `{1}` 个不同的 ID,上限为 `{2}` 个。");

  /// What the China document declares alone.
  static PayDealsInput readPlain(ParameterReader in) {
    return new PayDealsInput(
        in.requiredList(ORDER_IDS, STRING),
        List.of(),
        in.optional("AutoVoucher", INTEGER, 0L),
        in.list("VoucherIds", STRING),
        AgentPay.SELF.code(),
        "");
  }

  /// What the international document declares, and the vendor's China SDKs too.
  static PayDealsInput readExtended(ParameterReader in) {
    return new PayDealsInput(
        in.list(ORDER_IDS, STRING),
        in.list(BIG_DEAL_IDS, STRING),
        in.optional("AutoVoucher", INTEGER, 0L),
        in.list("VoucherIds", STRING),
        in.optional("AgentPay", INTEGER, (long) AgentPay.SELF.code()),
        in.optional("CpsUin", STRING, ""));
  }

  /// Holds the combination and the values against their rules, in the order of the table.
  ///
  /// @throws io.yunfu.wire.tc3.ApiRefused naming the first parameter that breaks one
  void check(Edition edition, int maxIds) {
    if (!orderIds.isEmpty() && !bigDealIds.isEmpty()) {
      throw BOTH_LISTS.refused(ORDER_IDS, BIG_DEAL_IDS);
    }
    if (orderIds.isEmpty() && bigDealIds.isEmpty()) {
      throw edition == Edition.CHINA
          ? CommonErrors.MISSING_PARAMETER.refused(ORDER_IDS)
          : NEITHER_LIST.refused(ORDER_IDS, BIG_DEAL_IDS);
    }
    checkIds(ORDER_IDS, orderIds, maxIds);
    if (autoVoucher != 0 && autoVoucher != 1) {
      throw CommonErrors.INVALID_PARAMETER_VALUE.refused(autoVoucher, "AutoVoucher");
    }
    checkIds("VoucherIds", voucherIds, 1);
    checkIds(BIG_DEAL_IDS, bigDealIds, maxIds);
    if (!knows(edition, agentPay)) {
      throw CommonErrors.INVALID_PARAMETER_VALUE.refused(agentPay, "AgentPay");
    }
    if (cpsUin.codePointCount(0, cpsUin.length()) > MAX_CPS_UIN) {
      throw CommonErrors.INVALID_PARAMETER_VALUE.refused(cpsUin, "CpsUin");
    }
  }

  /// Duplicates collapse, so they count once.
  private static void checkIds(String name, List<String> ids, int most) {
    if (ids.size() > most) {
      long different = ids.stream().distinct().count();
      if (different > most) {
        throw TOO_MANY.refused(name, different, most);
      }
    }
    for (int i = 0; i < ids.size(); i++) {
      if (!Ids.wellFormed(ids.get(i))) {
        throw CommonErrors.INVALID_PARAMETER_VALUE.refused(ids.get(i), name + "." + i);
      }
    }
  }

  /// International: `0`, `3`, `4`. `1` is in the China SDKs alone.
  private static boolean knows(Edition edition, long agentPay) {
    return agentPay == 0
        || agentPay == 3
        || agentPay == 4
        || (agentPay == 1 && edition == Edition.CHINA);
  }

  AgentPay mode() {
    return AgentPay.of(Math.toIntExact(agentPay));
  }

  Target target() {
    return orderIds.isEmpty()
        ? new Target.BigDeals(bigDealIds.stream().map(BigDealId::new).toList())
        : new Target.Deals(orderIds.stream().map(DealId::new).toList());
  }

  Optional<VoucherId> voucher() {
    return voucherIds.stream().findFirst().map(VoucherId::new);
  }
}
