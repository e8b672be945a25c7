package io.yunfu.server.topup;

import io.yunfu.billing.account.Account;
import io.yunfu.billing.account.Accounts;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.gateway.channel.CreateOrder.WechatExtras;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.gateway.payment.OperatePayments;
import io.yunfu.gateway.payment.OperatorNumbers;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.gateway.payment.PlaceOrder;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Makes an order over a channel whose money is for the balance of an owner account. The gateway
/// credits the account in the transaction that turns the order paid, whichever way and how often
/// the channel is heard; so the order has to live in the account's cell, which is that of its
/// sub-merchant.
///
/// All that was ordered is credited: the channel's fee, and a coupon of the operator's own, are the
/// house's. What was owed is repaid first, as with every top-up.
public final class OrderTopUp {
  /// `SubPayPlatform` of a payment inside a page. Source: `cloudpay.md` section 2.1.1.
  private static final int WECHAT_PAGE = 100;

  private static final int ALIPAY_PAGE = 200;

  private final Cells cells;
  private final Accounts accounts;
  private final Merchants merchants;
  private final Payments payments;
  private final InstantSource clock;
  private final AuditLog audit = new AuditLog();

  public OrderTopUp(Cells cells, Merchants merchants, Payments payments, InstantSource clock) {
    this.cells = cells;
    this.accounts = new Accounts(cells);
    this.merchants = merchants;
    this.payments = payments;
    this.clock = clock;
  }

  /// A wish to top up.
  ///
  /// @param body what the payer reads
  /// @param expiry absent: the sub-merchant's usual time
  /// @param address of the payer's device, as the channel wants to know it
  /// @param key lets the command be repeated: it finds the order that it made before
  public record Command(
      Uin uin,
      Money amount,
      SubMerchantId subMerchant,
      ShopId shop,
      Payer payer,
      String body,
      Optional<Duration> expiry,
      String address,
      Optional<String> key) {
    PayPlatform platform() {
      return switch (payer) {
        case Payer.WechatUser _ -> PayPlatform.WECHAT;
        case Payer.AlipayUser _ -> PayPlatform.ALIPAY;
      };
    }
  }

  /// What became of it.
  public sealed interface Outcome {
    /// There is an order.
    ///
    /// @param page what the payer's page needs; empty when a repeated command finds its order paid
    ///   or closed
    record Ordered(PaymentOrder order, Optional<PageArguments> page) implements Outcome {}

    sealed interface Refused extends Outcome {}

    record NoSuchAccount(Uin uin) implements Refused {}

    record OtherCurrency(Currency account, Currency given) implements Refused {}

    record NoSuchSubMerchant(SubMerchantId id) implements Refused {}

    /// The sub-merchant has no such shop.
    record NoSuchShop(ShopId id) implements Refused {}

    /// The merchant, the sub-merchant or the shop is switched off.
    record SwitchedOff() implements Refused {}

    /// Money does not move between cells.
    record OtherCell(CellId account, CellId subMerchant) implements Refused {}

    record KeyReused() implements Refused {}

    record ChannelMissing() implements Refused {}

    /// The payer is known by an app id that the merchant or sub-merchant does not have.
    record PayerUnknown() implements Refused {}

    record ChannelRefused(String code, String message) implements Refused {}

    /// The channel has not answered: the same command again finds out.
    record ChannelSilent(PaymentOrder order) implements Refused {}
  }

  public Outcome order(Operator operator, Command command) {
    Optional<Account> account = accounts.find(command.uin());
    if (account.isEmpty()) {
      return new Outcome.NoSuchAccount(command.uin());
    }
    Currency currency = account.get().owner().edition().currency();
    if (currency != command.amount().currency()) {
      return new Outcome.OtherCurrency(currency, command.amount().currency());
    }
    Optional<Merchant> found = merchants.find(command.subMerchant());
    if (found.isEmpty()) {
      return new Outcome.NoSuchSubMerchant(command.subMerchant());
    }
    Merchant merchant = found.get();
    Optional<Merchant.Shop> shop = merchant.shop(command.shop());
    if (shop.isEmpty()) {
      return new Outcome.NoSuchShop(command.shop());
    }
    if (!merchant.active() || !shop.get().active()) {
      return new Outcome.SwitchedOff();
    }
    if (!merchant.cell().equals(account.get().cell())) {
      return new Outcome.OtherCell(account.get().cell(), merchant.cell());
    }
    return place(operator, command, merchant);
  }

  private Outcome place(Operator operator, Command command, Merchant merchant) {
    Cell cell = cells.get(merchant.cell());
    Instant now = clock.instant();
    String start = merchant.prefixes().stream().findFirst().orElse("T");
    String number = OperatorNumbers.of(start, "top-up/" + command.uin(), command.key(), cell.ids());
    var order =
        new PlaceOrder.Command(
            merchant,
            command.shop(),
            command.platform(),
            command.platform() == PayPlatform.WECHAT ? WECHAT_PAGE : ALIPAY_PAGE,
            number,
            command.amount(),
            command.expiry().map(now::plus),
            Optional.of(command.body()),
            "",
            "",
            WechatExtras.NONE,
            Optional.empty(),
            Optional.empty(),
            command.payer(),
            OperatePayments.terminal(command.address()),
            "",
            Optional.of(command.uin()));
    var detail =
        Detail.of("amount", command.amount())
            .and("order", number)
            .and("subMerchant", command.subMerchant())
            .and("shop", command.shop())
            .and("channel", command.platform());
    var outcome =
        payments
            .place()
            .place(
                order,
                tx ->
                    audit.write(
                        tx,
                        cell.ids(),
                        now,
                        operator,
                        "balance.order-top-up",
                        Accounts.subject(command.uin()),
                        detail));
    return switch (outcome) {
      case PlaceOrder.Outcome.Waiting(PaymentOrder waiting, PageArguments page) ->
          new Outcome.Ordered(waiting, Optional.of(page));
      case PlaceOrder.Outcome.AlreadyPaid() -> known(command, number);
      case PlaceOrder.Outcome.ClosedOrExpired() -> known(command, number);
      case PlaceOrder.Outcome.NumberUsed() -> new Outcome.KeyReused();
      case PlaceOrder.Outcome.ChannelMissing() -> new Outcome.ChannelMissing();
      case PlaceOrder.Outcome.Wrong(PlaceOrder.Mistake mistake) ->
          switch (mistake) {
            case APP_ID_UNKNOWN, SUB_APP_ID_UNKNOWN, SUB_APP_ID_MISSING ->
                new Outcome.PayerUnknown();
            case EXPIRY_PAST, BODY_MISSING ->
                throw new IllegalStateException("a top-up says it: " + mistake);
          };
      case PlaceOrder.Outcome.ChannelRefused(var _, String code, String message) ->
          new Outcome.ChannelRefused(code, message);
      case PlaceOrder.Outcome.Unknown(PaymentOrder silent) -> new Outcome.ChannelSilent(silent);
    };
  }

  /// The order that the command made before, and that waits for nobody any more.
  private Outcome known(Command command, String number) {
    return payments.find(number).stream()
        .filter(order -> order.topUp().equals(Optional.of(command.uin())))
        .findFirst()
        .<Outcome>map(order -> new Outcome.Ordered(order, Optional.empty()))
        .orElseGet(Outcome.KeyReused::new);
  }
}
