package io.yunfu.server.api.billing;

import static io.yunfu.wire.tc3.Type.BOOLEAN;

import io.yunfu.billing.balance.DescribeBalance;
import io.yunfu.ledger.Balance;
import io.yunfu.wire.tc3.ResponseFields;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/// DescribeAccountBalance: what an owner has and may spend, in cents. The China edition shows the
/// pockets; the international one shows its available amount in every field that says "balance"
/// (`billing.md` section 3.2).
final class DescribeAccountBalanceAction implements Action {
  private final DescribeBalance balances;

  DescribeAccountBalanceAction(DescribeBalance balances) {
    this.balances = balances;
  }

  @Override
  public String name() {
    return "DescribeAccountBalance";
  }

  @Override
  public Consumer<ResponseFields> answer(Call call) {
    boolean withGrants = call.parameters().read(in -> in.optional("TempCredit", BOOLEAN, false));
    ReadRight.CAM.require(call, name());
    Balance balance = balances.of(call.caller());
    return out -> {
      if (call.isChina()) {
        china(out, balance, call.now());
      } else {
        international(out, balance, call.now());
      }
      if (withGrants) {
        grants(out, balance, call.now());
      }
    };
  }

  private static void china(ResponseFields out, Balance balance, Instant now) {
    long real = balance.real().cents();
    long credit = balance.credit(now);
    out.integer("Balance", real);
    out.integer("Uin", balance.owner().value());
    out.integer("RealBalance", real);
    out.integer("CashAccountBalance", balance.cash());
    out.integer("IncomeIntoAccountBalance", balance.income());
    out.integer("PresentAccountBalance", balance.present());
    out.integer("FreezeAmount", balance.frozen());
    out.integer("OweAmount", balance.owe());
    out.flag("IsAllowArrears", credit > 0);
    // Whatever credit there is has a limit.
    out.flag("IsCreditLimited", true);
    out.integer("CreditAmount", credit);
    out.integer("CreditBalance", balance.available(now).cents() + balance.frozen());
    out.integer("RealCreditBalance", balance.available(now).cents());
  }

  private static void international(ResponseFields out, Balance balance, Instant now) {
    long available = balance.available(now).cents();
    out.integer("Balance", available);
    out.integer("Uin", balance.owner().value());
    out.integer("RealBalance", available);
    out.integer("CashAccountBalance", 0);
    out.integer("IncomeIntoAccountBalance", 0);
    out.integer("PresentAccountBalance", 0);
    out.integer("FreezeAmount", balance.frozen());
    out.integer("OweAmount", Math.max(0, -available));
    out.flag("IsAllowArrears", false);
    out.flag("IsCreditLimited", false);
    out.integer("CreditAmount", balance.credit(now));
    out.integer("CreditBalance", available);
    out.integer("RealCreditBalance", available);
  }

  /// The grants that make up the sum: those that can be spent now.
  private static void grants(ResponseFields out, Balance balance, Instant now) {
    List<Balance.TempCredit> valid =
        balance.grants().stream()
            .filter(grant -> !now.isBefore(grant.startsAt()) && now.isBefore(grant.endsAt()))
            .toList();
    out.integer("TempCredit", balance.tempCredit(now));
    out.objects(
        "TempAmountInfoList",
        valid,
        (item, grant) -> {
          item.text("Uin", balance.owner().toString());
          item.integer("TempAmount", grant.cents());
          item.time("StartTime", grant.startsAt());
          item.time("EndTime", grant.endsAt());
        });
  }
}
