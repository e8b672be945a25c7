package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_ACCOUNT;
import static io.yunfu.server.api.admin.AccountsArea.UIN;
import static io.yunfu.server.api.admin.BalanceArea.OTHER_CURRENCY;
import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL_MISSING;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL_REFUSED;
import static io.yunfu.server.api.admin.PaymentTypes.CHANNEL_SILENT;
import static io.yunfu.server.api.admin.PaymentTypes.NO_SUCH_PAYMENT;
import static io.yunfu.server.api.admin.PaymentTypes.PAYMENT;
import static io.yunfu.server.api.admin.PaymentTypes.PAYMENT_FORM;

import io.yunfu.billing.account.Account;
import io.yunfu.billing.account.Accounts;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import io.yunfu.server.api.admin.PaymentTypes.Paid;
import io.yunfu.server.topup.OrderTopUp;
import io.yunfu.server.topup.OrderTopUp.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Top-ups of balances that somebody pays over a channel. `balance.top-up` books money that has
/// come some other way.
final class TopUpsArea implements Area {
  private static final ErrorCode UNKNOWN_SUB_MERCHANT =
      ErrorCode.of(422, "UnknownSubMerchant", "There is no sub-merchant {0}.", "子商户 {0} 不存在。");
  private static final ErrorCode UNKNOWN_SHOP =
      ErrorCode.of(422, "UnknownShop", "The sub-merchant has no shop {0}.", "该子商户没有门店 {0}。");
  private static final ErrorCode SWITCHED_OFF =
      ErrorCode.of(
          409,
          "SwitchedOff",
          "The merchant, the sub-merchant or the shop is switched off.",
          "服务商、子商户或门店已停用。");
  private static final ErrorCode OTHER_CELL =
      ErrorCode.of(
          409,
          "OtherCell",
          "The account lives in cell {0}, the sub-merchant in cell {1}: take a merchant of that"
              + " cell.",
          "账号位于单元 {0},子商户位于单元 {1},请使用同一单元的商户。");
  private static final ErrorCode PAYER_UNKNOWN =
      ErrorCode.of(
          422,
          "PayerUnknown",
          "The payer's id belongs to an app id of the sub-merchant, which has none here.",
          "付款人标识属于子商户的 AppID,但该子商户未配置 AppID。");

  private static final int LONGEST_BODY = 128;
  private static final int SHORTEST_EXPIRY = 60;
  private static final int LONGEST_EXPIRY = 7 * 24 * 3600;

  /// An open id or a user id.
  private static final Scalar<String> PERSON =
      Types.matching(
          Pattern.compile("[0-9A-Za-z_-]{1,128}"),
          "1 to 128 letters, digits, - or _",
          "1 到 128 个字母、数字、- 或 _");

  private static final Scalar<String> ADDRESS =
      Types.matching(
          Pattern.compile("[0-9A-Fa-f.:]{2,45}"), "an address: IPv4 or IPv6", "IPv4 或 IPv6 地址");

  private record Ordered(Paid paid, Optional<PageArguments> page) {}

  private static final Form<Ordered> ORDERED =
      PAYMENT_FORM
          .<Ordered>in("TopUpOrder", "A payment that tops up a balance.", Ordered::paid)
          .maybe(
              "jsapiArgs",
              Types.JSON_OBJECT,
              "What the payer's page needs to open the cashier, as the wire's `jsapi_args`; absent"
                  + " once it is paid or closed.",
              ordered -> ordered.page.map(TopUpsArea::json));

  private static final Field.Must<SubMerchantId> SUB_MERCHANT =
      must(
          "subMerchant",
          MerchantTypes.SUB_MERCHANT_ID,
          "Over whose channels it is paid; of the account's cell.");
  private static final Field.Must<ShopId> SHOP =
      must("shop", MerchantTypes.SHOP_ID, "A shop of that sub-merchant.");
  private static final Field.Must<PayPlatform> OVER =
      must("channel", CHANNEL, "Over which channel it is paid.");
  private static final Field.May<String> OPEN_ID =
      may("openId", PERSON, "WeChat Pay: the payer under the merchant's app id.");
  private static final Field.May<String> SUB_OPEN_ID =
      may("subOpenId", PERSON, "WeChat Pay: the payer under the sub-merchant's app id.");
  private static final Field.May<String> BUYER_ID =
      may("buyerId", PERSON, "Alipay: the payer's user id or open id.");
  private static final Field.Must<String> BODY =
      must("body", Types.text(1, LONGEST_BODY), "What the payer reads.").or("余额充值");
  private static final Field.May<Duration> EXPIRY =
      may(
          "expirySeconds",
          Types.int32(SHORTEST_EXPIRY, LONGEST_EXPIRY)
              .as(Duration::ofSeconds, expiry -> (int) expiry.toSeconds()),
          "How long it can be paid, in seconds; without it, as long as is usual for the"
              + " sub-merchant.");
  private static final Field.Must<String> PAYER_ADDRESS =
      must("address", ADDRESS, "Of the payer's device, for the channel.").or("127.0.0.1");

  private final Accounts accounts;
  private final Merchants merchants;
  private final Payments payments;
  private final OrderTopUp orderTopUp;

  TopUpsArea(Accounts accounts, Merchants merchants, Payments payments, OrderTopUp orderTopUp) {
    this.accounts = accounts;
    this.merchants = merchants;
    this.payments = payments;
    this.orderTopUp = orderTopUp;
  }

  @Override
  public String name() {
    return "top-ups";
  }

  @Override
  public String about() {
    return "Top-ups of balances that are paid over WeChat Pay and Alipay.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post(
                "top-ups.create",
                "/accounts/{uin}/top-up-orders",
                "Orders a top-up that somebody pays over a channel.")
            .about(
                "The balance is credited once, in the moment that the payment is heard of; what is"
                    + " owed is repaid first.")
            .path(UIN)
            .body(
                Amounts.AMOUNT,
                Amounts.CURRENCY,
                SUB_MERCHANT,
                SHOP,
                OVER,
                OPEN_ID,
                SUB_OPEN_ID,
                BUYER_ID,
                BODY,
                EXPIRY,
                PAYER_ADDRESS)
            .example(
                """
                {"amount": 10000, "currency": "CNY", "subMerchant": "gz02Hs4Lt9bYc6FuE2jD",
                 "shop": "gz02Wd5Rf1kPv0NqC8xB", "channel": "wechat", "openId": "oTest0001aaaaBBBBccccDDDD1234"}\
                """)
            .repeatable()
            .refuses(
                NO_SUCH_ACCOUNT,
                OTHER_CURRENCY,
                UNKNOWN_SUB_MERCHANT,
                UNKNOWN_SHOP,
                SWITCHED_OFF,
                OTHER_CELL,
                PAYER_UNKNOWN,
                CHANNEL_MISSING,
                CHANNEL_REFUSED,
                CHANNEL_SILENT)
            .creates(ORDERED)
            .by(this::create),
        Operation.get(
                "top-ups.list",
                "/accounts/{uin}/top-up-orders",
                "Lists the ordered top-ups of an account, newest first.")
            .path(UIN)
            .refuses(NO_SUCH_ACCOUNT)
            .pages(
                PAYMENT_FORM,
                Cursor.number(),
                paid -> paid.order().id(),
                "id",
                "number",
                "channel",
                "state",
                "total",
                "currency",
                "createdAt",
                "paidAt")
            .by((call, part) -> {
              Account account = AccountsArea.existing(accounts, call);
              return payments
                  .topUps(
                      account.cell(),
                      account.owner().uin(),
                      part.after().orElse(Long.MAX_VALUE),
                      part.limit())
                  .stream()
                  .map(this::paid)
                  .toList();
            }),
        Operation.get(
                "top-ups.get",
                "/accounts/{uin}/top-up-orders/{payment}",
                "Shows an ordered top-up of an account.")
            .path(UIN, PAYMENT)
            .refuses(NO_SUCH_ACCOUNT, NO_SUCH_PAYMENT)
            .answers(PAYMENT_FORM)
            .by(call -> {
              Uin uin = AccountsArea.existing(accounts, call).owner().uin();
              var order =
                  payments
                      .find(call.get(PAYMENT))
                      .filter(found -> found.topUp().equals(Optional.of(uin)));
              return paid(Answers.found(order, NO_SUCH_PAYMENT, call.get(PAYMENT)));
            }));
  }

  private Ordered create(Call call) {
    var command =
        new OrderTopUp.Command(
            call.get(UIN),
            Amounts.of(call),
            call.get(SUB_MERCHANT),
            call.get(SHOP),
            payer(call),
            call.get(BODY),
            call.get(EXPIRY),
            call.get(PAYER_ADDRESS),
            call.key());
    return switch (orderTopUp.order(call.operator(), command)) {
      case Outcome.Ordered(PaymentOrder order, var page) -> new Ordered(paid(order), page);
      case Outcome.Refused refused -> throw spelt(refused);
    };
  }

  private static Payer payer(Call call) {
    return switch (call.get(OVER)) {
      case WECHAT -> {
        if (call.has(BUYER_ID)) {
          throw call.wrong(BUYER_ID, "is for Alipay", "仅用于支付宝");
        }
        if (!call.has(OPEN_ID) && !call.has(SUB_OPEN_ID)) {
          throw call.wrong(
              OPEN_ID,
              "is missing: openId or subOpenId names the payer",
              "缺失:请提供 openId 或 subOpenId");
        }
        yield new Payer.WechatUser(call.get(OPEN_ID), call.get(SUB_OPEN_ID));
      }
      case ALIPAY -> {
        for (var other : List.of(OPEN_ID, SUB_OPEN_ID)) {
          if (call.has(other)) {
            throw call.wrong(other, "is for WeChat Pay", "仅用于微信支付");
          }
        }
        yield new Payer.AlipayUser(
            call.get(BUYER_ID)
                .orElseThrow(() -> call.given().wrong(BUYER_ID, Structure.missing())));
      }
    };
  }

  private static Refused spelt(Outcome.Refused why) {
    return switch (why) {
      case Outcome.NoSuchAccount(Uin uin) -> NO_SUCH_ACCOUNT.with(uin);
      case Outcome.OtherCurrency(Currency account, Currency given) ->
          OTHER_CURRENCY.with(account, given).at(Amounts.CURRENCY.name());
      case Outcome.NoSuchSubMerchant(SubMerchantId id) ->
          UNKNOWN_SUB_MERCHANT.with(id).at(SUB_MERCHANT.name());
      case Outcome.NoSuchShop(ShopId id) -> UNKNOWN_SHOP.with(id).at(SHOP.name());
      case Outcome.SwitchedOff() -> SWITCHED_OFF.with();
      case Outcome.OtherCell(CellId account, CellId subMerchant) ->
          OTHER_CELL.with(account.value(), subMerchant.value()).at(SUB_MERCHANT.name());
      case Outcome.KeyReused() -> Errors.KEY_REUSED.with().at(RequestReader.IDEMPOTENCY_KEY);
      case Outcome.ChannelMissing() -> CHANNEL_MISSING.with();
      case Outcome.PayerUnknown() -> PAYER_UNKNOWN.with().at(SUB_OPEN_ID.name());
      case Outcome.ChannelRefused(String code, String message) ->
          CHANNEL_REFUSED.with(code, message);
      case Outcome.ChannelSilent(PaymentOrder order) ->
          CHANNEL_SILENT.with("payments " + order.id());
    };
  }

  private Paid paid(PaymentOrder order) {
    return new Paid(order, PaymentTypes.merchant(merchants, order.id(), order.merchant()));
  }

  /// As the wire has it. Source: `cloudpay.md` section 3.8.
  private static JsonNode json(PageArguments page) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (page) {
      case PageArguments.Wechat wechat ->
          json.putObject("wxpay")
              .putObject("get_brand_wcpay")
              .put("app_id", wechat.appId())
              .put("timestamp", wechat.timestamp())
              .put("nonce_str", wechat.nonce())
              .put("package", wechat.packageText())
              .put("sign_type", wechat.signType().code())
              .put("pay_sign", wechat.paySign());
      case PageArguments.Alipay(String tradeNo) ->
          json.putObject("alipay").putObject("trade_pay").put("trade_no", tradeNo);
    }
    return json;
  }
}
