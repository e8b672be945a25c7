package io.yunfu.server.api.admin;

import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.ApiKeys;
import io.yunfu.billing.account.ChangeAccount;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.billing.account.SubUsers;
import io.yunfu.billing.agentpay.Bindings;
import io.yunfu.billing.balance.Adjust;
import io.yunfu.billing.balance.CreditLines;
import io.yunfu.billing.balance.Holds;
import io.yunfu.billing.balance.Statements;
import io.yunfu.billing.balance.TopUp;
import io.yunfu.billing.deal.CloseDeals;
import io.yunfu.billing.deal.CreateDeals;
import io.yunfu.billing.deal.Deals;
import io.yunfu.billing.delivery.Delivery;
import io.yunfu.billing.delivery.ListDeliveries;
import io.yunfu.billing.delivery.RedeliverDeals;
import io.yunfu.billing.product.Products;
import io.yunfu.billing.product.Providers;
import io.yunfu.billing.voucher.IssueVouchers;
import io.yunfu.billing.voucher.MoveVouchers;
import io.yunfu.billing.voucher.Vouchers;
import io.yunfu.db.Cells;
import io.yunfu.gateway.merchant.ChannelAccounts;
import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.notice.MerchantNotices;
import io.yunfu.gateway.payment.OperatePayments;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.gateway.reconcile.Reconciliations;
import io.yunfu.kernel.CellId;
import io.yunfu.operator.AdminTokens;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.MasterKey;
import io.yunfu.server.topup.OrderTopUp;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// What an operator can do, area by area, in the order of the documentation.
public final class Areas {
  private Areas() {}

  /// Everything about billing.
  ///
  /// @param unpaidTtl how long a deal can be paid when the order does not say
  /// @param deliveries of each cell
  public static List<Area> ofBilling(
      Cells cells,
      Clock clock,
      SecureRandom random,
      MasterKey masterKey,
      Duration unpaidTtl,
      Function<CellId, Delivery> deliveries) {
    var accounts = new Accounts(cells);
    var statements = new Statements(cells);
    var deals = new Deals(cells);
    var bindings = new Bindings(cells, clock);
    return List.of(
        new AccountsArea(
            new OpenAccount(cells, clock, random), new ChangeAccount(cells, clock), accounts),
        new UsersArea(accounts, new SubUsers(cells, clock, random)),
        new KeysArea(accounts, new ApiKeys(cells, clock, random, masterKey)),
        new BalanceArea(new TopUp(cells, clock), new Adjust(cells, clock), statements, clock),
        new CreditArea(new CreditLines(cells, clock), clock),
        new HoldsArea(new Holds(cells, clock), statements, clock),
        new BindingsArea(Bindings.Kind.GROUP, accounts, bindings),
        new BindingsArea(Bindings.Kind.RESELLER, accounts, bindings),
        new ProductsArea(new Products(cells, clock)),
        new ProvidersArea(new Providers(cells, clock, random, masterKey)),
        new DealsArea(new CreateDeals(cells, clock, unpaidTtl), deals),
        new BigDealsArea(deals, new CloseDeals(cells, clock)),
        new VouchersArea(
            new IssueVouchers(cells, clock), new MoveVouchers(cells, clock), new Vouchers(cells)),
        new DeliveriesArea(
            new ListDeliveries(cells), new RedeliverDeals(cells, deliveries, clock)));
  }

  /// Everything about those who are paid over the gateway. It needs no gateway that runs.
  ///
  /// @param allowPrivateTargets whether merchants may be told at private addresses
  public static List<Area> ofMerchants(
      ManageMerchants manage, ChannelAccounts accounts, boolean allowPrivateTargets) {
    return List.of(
        new MerchantsArea(manage, allowPrivateTargets),
        new SubMerchantsArea(manage),
        new ShopsArea(manage),
        new ChannelsArea(accounts));
  }

  /// Everything about the payments of a gateway that runs.
  public static List<Area> ofPayments(
      Cells cells,
      Merchants merchants,
      Payments payments,
      MerchantNotices notices,
      Reconciliations reconciliations,
      Clock clock) {
    var operate = new OperatePayments(cells, merchants, payments, clock);
    return List.of(
        new PaymentsArea(merchants, payments, operate),
        new PaymentRefundsArea(merchants, payments, operate),
        new CasesArea(merchants, payments),
        new NoticesArea(merchants, payments, notices),
        new ReconciliationsArea(merchants, reconciliations),
        new TopUpsArea(
            new Accounts(cells),
            merchants,
            payments,
            new OrderTopUp(cells, merchants, payments, clock)));
  }

  /// What concerns the operators themselves.
  public static List<Area> ofOperators(Cells cells, AdminTokens tokens) {
    return List.of(new AuditArea(cells, new AuditLog()), new TokensArea(tokens));
  }
}
