package io.yunfu.server.api.cpay;

import static io.yunfu.gateway.channel.PayPlatform.ALIPAY;
import static io.yunfu.gateway.channel.PayPlatform.WECHAT;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.payment.OrderDetails;
import io.yunfu.gateway.payment.PaymentFacts;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.kernel.Money;
import io.yunfu.wire.cpay.AlipayVoucher;
import io.yunfu.wire.cpay.CouponInfo;
import io.yunfu.wire.cpay.FundBill;
import io.yunfu.wire.cpay.MerchantIds;
import io.yunfu.wire.cpay.OrderClient;
import io.yunfu.wire.cpay.OrderContent;
import io.yunfu.wire.cpay.PayMchKey;
import io.yunfu.wire.cpay.Payload;
import io.yunfu.wire.cpay.Platform;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// An order of the gateway in the words of the wire. Source: `cloudpay.md` sections 3.1, 3.5, 3.6
/// and `channels.md` section 5.2.
final class Written {
  /// Paid inside a page. Source: `cloudpay.md` section 4.5; no other kind is made here.
  static final int TRADE_TYPE = 3;

  /// What a coupon of WeChat Pay is that the merchant is not paid for. Source: section 3.12.

  private Written() {}

  static Platform platform(PayPlatform platform) {
    return switch (platform) {
      case WECHAT -> Platform.WECHAT;
      case ALIPAY -> Platform.ALIPAY;
    };
  }

  static PayMchKey key(Merchant merchant, PaymentOrder order, PayMchKey.Channel channel) {
    return new PayMchKey(
        new MerchantIds(merchant.provider().value(), merchant.id().value(), order.shop().value()),
        platform(order.platform()),
        order.subPlatform(),
        Optional.of(channel));
  }

  /// Who pays: what the request said of it, and no more.
  static PayMchKey.Channel payer(PaymentOrder order) {
    OrderDetails details = order.details();
    return switch (order.platform()) {
      case WECHAT ->
          new PayMchKey.Wechat(
              details.appId(),
              given(details.subAppId()),
              given(details.openId()),
              given(details.subOpenId()),
              Optional.empty());
      case ALIPAY -> new PayMchKey.Alipay(details.userId());
    };
  }

  /// [#payer] as queries write it.
  static PayMchKey.Channel fullPayer(PaymentOrder order) {
    return payer(order) instanceof PayMchKey.Wechat wechat ? wechat.full() : payer(order);
  }

  /// [#payer] as notifications write it: with the channel's number of the sub-merchant.
  static PayMchKey.Channel toldPayer(Merchant merchant, PaymentOrder order) {
    return payer(order) instanceof PayMchKey.Wechat wechat
            && merchant.account(WECHAT).orElse(null) instanceof ChannelAccount.Wechat account
        ? new PayMchKey.Wechat(
            wechat.appId(),
            wechat.subAppId(),
            wechat.openId(),
            wechat.subOpenId(),
            Optional.of(account.subMerchantNumber()))
        : payer(order);
  }

  /// @param wholeOnly see [PaymentOrder#stateNumber]
  static OrderContent content(PaymentOrder order, boolean wholeOnly) {
    OrderDetails details = order.details();
    Optional<PaymentFacts> facts = order.payment();
    return new OrderContent(
        order.outTradeNo(),
        order.transactionId(),
        TRADE_TYPE,
        order.expiresAt(),
        order.paidAt(),
        details.nonce(),
        order.createdAt(),
        order.updatedAt(),
        order.isTransforming(),
        details.callerNotifyUrl(),
        order.total(),
        facts.flatMap(PaymentFacts::cash),
        facts.map(_ -> Money.of(order.settlement(), order.total().currency())),
        details.body(),
        details.detail(),
        "",
        details.remark(),
        order.state().isPaid(),
        order.platform() == WECHAT ? facts.map(Written::coupons).orElse(List.of()) : List.of(),
        switch (order.platform()) {
          case WECHAT -> wechat(order, order.stateNumber(wholeOnly));
          case ALIPAY -> alipay(order, order.stateNumber(wholeOnly));
        });
  }

  private static List<CouponInfo> coupons(PaymentFacts facts) {
    return facts.coupons().stream()
        .map(coupon ->
            new CouponInfo(
                given(coupon.id()), coupon.amount(), given(coupon.type()), OptionalInt.empty()))
        .toList();
  }

  private static OrderContent.Wechat wechat(PaymentOrder order, int state) {
    var extras = order.details().wechat();
    Optional<PaymentFacts> facts = order.payment();
    return new OrderContent.Wechat(
        state,
        extras.attach().orElse(""),
        facts.flatMap(PaymentFacts::wechat).map(OrderReport.WechatDetail::bankType).orElse(""),
        extras.goodsTag().orElse(""),
        facts.flatMap(PaymentFacts::cash).map(order.total()::minus),
        facts.map(paid -> OptionalInt.of(paid.coupons().size())).orElseGet(OptionalInt::empty),
        extras.productId().orElse(""),
        extras.limitPay().orElse(""),
        order.prepaid().orElse(""),
        order.stateText());
  }

  private static OrderContent.Alipay alipay(PaymentOrder order, int state) {
    Optional<OrderReport.AlipayDetail> detail = order.payment().flatMap(PaymentFacts::alipay);
    Money refunded = Money.of(order.refunded(), order.total().currency());
    return new OrderContent.Alipay(
        state,
        order.payment().map(Written::vouchers).orElse(List.of()),
        detail.map(known -> funds(known.fundBills())).orElse(List.of()),
        detail.flatMap(OrderReport.AlipayDetail::point),
        detail.flatMap(OrderReport.AlipayDetail::invoice),
        detail.flatMap(OrderReport.AlipayDetail::productCode),
        detail.flatMap(OrderReport.AlipayDetail::sentAt),
        detail
            .map(OrderReport.AlipayDetail::discountGoodsDetail)
            .flatMap(Written::given)
            .orElse("[]"),
        detail.map(OrderReport.AlipayDetail::buyerLogonId).orElse(""),
        detail.flatMap(OrderReport.AlipayDetail::sellerId),
        detail.flatMap(OrderReport.AlipayDetail::sellerEmail),
        // What changed last in an order of which something went back is that something went back.
        Optional.of(order.updatedAt()).filter(at -> !refunded.isZero()),
        order.closedAt().or(() -> detail.flatMap(OrderReport.AlipayDetail::closedAt)),
        refunded,
        detail.flatMap(OrderReport.AlipayDetail::outBizNo));
  }

  private static List<AlipayVoucher> vouchers(PaymentFacts facts) {
    return facts.coupons().stream()
        .map(coupon ->
            new AlipayVoucher(
                coupon.id(),
                coupon.name(),
                coupon.type(),
                coupon.amount(),
                coupon.byMerchant(),
                coupon.byOthers(),
                coupon.memo()))
        .toList();
  }

  static List<FundBill> funds(List<OrderReport.FundBill> bills) {
    return bills.stream()
        .map(bill -> new FundBill(bill.channel(), bill.amount(), bill.real()))
        .toList();
  }

  /// A terminal with the shop's own number, as queries write it.
  static Payload.ShopClient clientInShop(
      Merchant merchant, PaymentOrder order, OrderDetails.Terminal terminal) {
    return new Payload.ShopClient(
        client(terminal),
        merchant.shop(order.shop()).map(Merchant.Shop::ownNumber).flatMap(Written::given));
  }

  static OrderClient client(OrderDetails.Terminal terminal) {
    return new OrderClient(
        terminal.deviceId(),
        terminal.staffId(),
        terminal.terminalType(),
        terminal.subTerminalType(),
        terminal.machineNo(),
        terminal.sdkVersion(),
        Optional.of(terminal.address()),
        terminal.snCode());
  }

  /// What the request said of its terminal; without an address the one that it came from counts
  /// (OP-10).
  static OrderDetails.Terminal terminal(Asked<?, ?> asked) {
    OrderClient client = asked.content().client();
    return new OrderDetails.Terminal(
        client.deviceId(),
        client.staffId(),
        client.terminalType(),
        client.subTerminalType(),
        client.machineNo(),
        client.sdkVersion(),
        client.spbillCreateIp().orElse(asked.address()),
        client.snCode());
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(known -> !known.isEmpty());
  }
}
