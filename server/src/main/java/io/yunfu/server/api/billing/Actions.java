package io.yunfu.server.api.billing;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.balance.DescribeBalance;
import io.yunfu.billing.deal.FindDeals;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.billing.voucher.FindVoucherUsage;
import io.yunfu.billing.voucher.FindVouchers;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import io.yunfu.server.config.Configuration;
import io.yunfu.wire.tc3.ApiCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// All actions that are served. Whatever else the vendor has answers `InvalidAction`.
public final class Actions {
  /// Their names, for figures that are set up before any action is.
  public static final Set<String> NAMES =
      Set.of(
          "PayDeals",
          "DescribeDealsByCond",
          "DescribeAccountBalance",
          "DescribeVoucherInfo",
          "DescribeVoucherUsageDetails");

  private final Map<String, Action> byName = new HashMap<>();

  /// What the actions ask: one use case for each.
  public record UseCases(
      PayDeals payDeals,
      FindDeals findDeals,
      DescribeBalance describeBalance,
      FindVouchers findVouchers,
      FindVoucherUsage findVoucherUsage) {}

  /// The list.
  ///
  /// @param ids of each cell
  public static Actions of(UseCases use, Function<CellId, IdSource> ids, PaySettings settings) {
    var all =
        new Actions(
            List.of(
                new PayDealsAction(use.payDeals, ids, settings),
                new DescribeDealsByCondAction(use.findDeals),
                new DescribeAccountBalanceAction(use.describeBalance),
                new DescribeVoucherInfoAction(use.findVouchers),
                new DescribeVoucherUsageDetailsAction(use.findVoucherUsage)));
    require(all.names().equals(NAMES), "the list of names is not %s", all.names());
    return all;
  }

  /// What an operator may set about PayDeals.
  ///
  /// @param chinaIsExtended whether the China edition takes `BigDealIds`, `AgentPay` and `CpsUin`
  /// @param maxIds different deals or big deals of one call
  public record PaySettings(boolean chinaIsExtended, int maxIds) {
    public static PaySettings of(Configuration.Billing configured) {
      return new PaySettings(configured.chinaExtendedPay(), configured.maxIds());
    }
  }

  Actions(List<Action> actions) {
    for (Action action : actions) {
      require(byName.put(action.name(), action) == null, "%s is there twice", action.name());
    }
  }

  /// The names, for whoever checks a configuration against them.
  public Set<String> names() {
    return Set.copyOf(byName.keySet());
  }

  Action of(ApiCall call) {
    Action action = byName.get(call.action());
    if (action == null) {
      throw call.unknownAction();
    }
    return action;
  }
}
