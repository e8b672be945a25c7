package io.yunfu.server.api.billing;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.balance.DescribeBalance;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import io.yunfu.wire.tc3.ApiCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// All actions that are served. Whatever else the vendor has answers `InvalidAction`.
public final class Actions {
  private final Map<String, Action> byName = new HashMap<>();

  /// The list.
  ///
  /// @param ids of each cell
  public static Actions of(
      PayDeals payDeals,
      Function<CellId, IdSource> ids,
      DescribeBalance balances,
      PaySettings settings) {
    return new Actions(
        List.of(
            new PayDealsAction(payDeals, ids, settings),
            new DescribeAccountBalanceAction(balances)));
  }

  /// What an operator may set about PayDeals.
  ///
  /// @param chinaIsExtended whether the China edition takes `BigDealIds`, `AgentPay` and `CpsUin`
  /// @param maxIds different deals or big deals of one call
  public record PaySettings(boolean chinaIsExtended, int maxIds) {}

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
