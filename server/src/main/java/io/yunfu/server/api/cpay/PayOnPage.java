package io.yunfu.server.api.cpay;

import io.yunfu.gateway.channel.CreateOrder.WechatExtras;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.PlaceOrder;
import io.yunfu.gateway.payment.PlaceOrder.Mistake;
import io.yunfu.gateway.payment.PlaceOrder.Outcome;
import io.yunfu.wire.cpay.CallRefused;
import io.yunfu.wire.cpay.FieldReader;
import io.yunfu.wire.cpay.JsapiArguments;
import io.yunfu.wire.cpay.OfficialAccountPayRequest;
import io.yunfu.wire.cpay.PayContent;
import io.yunfu.wire.cpay.PayerIds;
import io.yunfu.wire.cpay.Payload;
import io.yunfu.wire.cpay.Results;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `official_account_pay`. Source: `cloudpay.md` section 2.1.
final class PayOnPage implements CpayCall<MerchantSeller, OfficialAccountPayRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(PayOnPage.class);
  private static final String APP_ID = "pay_mch_key.wxpay_pay_mch_key_ext.app_id";
  private static final String SUB_APP_ID = "pay_mch_key.wxpay_pay_mch_key_ext.sub_app_id";

  private final PlaceOrder placeOrder;

  PayOnPage(PlaceOrder placeOrder) {
    this.placeOrder = placeOrder;
  }

  @Override
  public String name() {
    return OfficialAccountPayRequest.NAME;
  }

  @Override
  public Kind kind() {
    return Kind.CREATES;
  }

  @Override
  public OfficialAccountPayRequest read(FieldReader in) {
    return OfficialAccountPayRequest.of(in);
  }

  @Override
  public Told answer(Asked<MerchantSeller, OfficialAccountPayRequest> asked) {
    noteTradeType(asked.content());
    return switch (placeOrder.place(command(asked))) {
      case Outcome.Waiting(PaymentOrder order, PageArguments page) ->
          Told.done(payload(asked, order, Optional.of(arguments(page))));
      case Outcome.Unknown(PaymentOrder order) ->
          new Told(Results.CHANNEL_UNKNOWN.with(), payload(asked, order, Optional.empty()));
      case Outcome.NumberUsed() -> throw Results.NUMBER_USED.refused("pay_content.out_trade_no");
      case Outcome.AlreadyPaid() -> throw Results.ALREADY_PAID.refused();
      case Outcome.ClosedOrExpired() -> throw Results.CLOSED_OR_EXPIRED.refused();
      case Outcome.Wrong(Mistake mistake) -> throw refused(mistake);
      case Outcome.ChannelMissing() -> throw Results.CHANNEL_NOT_CONFIGURED.refused();
      case Outcome.ChannelRefused refused ->
          throw Results.CHANNEL_REFUSED.refused(
              refused.message().isEmpty() ? refused.code() : refused.message());
    };
  }

  /// The contract lets it say anything, and the order is paid on a page all the same (OP-3).
  private static void noteTradeType(OfficialAccountPayRequest request) {
    long tradeType = request.tradeType().orElse(Written.TRADE_TYPE);
    if (tradeType != Written.TRADE_TYPE) {
      LOG.info("{} says trade_type {}", request.content().outTradeNo(), tradeType);
    }
  }

  private static PlaceOrder.Command command(
      Asked<MerchantSeller, OfficialAccountPayRequest> asked) {
    OfficialAccountPayRequest request = asked.content();
    PayContent content = request.content();
    return new PlaceOrder.Command(
        asked.seller().merchant(),
        new ShopId(request.merchant().outShopId()),
        PayPlatform.of(request.platform().number())
            .orElseThrow(Results.CHANNEL_NOT_CONFIGURED::refused),
        request.subPlatform(),
        content.outTradeNo(),
        content.total(),
        content.timeExpire(),
        content.body(),
        content.detail().orElse(""),
        content.remark().orElse(""),
        new WechatExtras(
            content.wechat().attach(),
            content.wechat().goodsTag(),
            content.wechat().productId(),
            content.wechat().limitPay()),
        request.payer() instanceof PayerIds.Wechat wechat ? wechat.appId() : Optional.empty(),
        request.payer() instanceof PayerIds.Wechat wechat ? wechat.subAppId() : Optional.empty(),
        payer(request.payer()),
        Written.terminal(asked),
        request.nonce(),
        Optional.empty());
  }

  private static Payer payer(PayerIds ids) {
    return switch (ids) {
      case PayerIds.Wechat wechat -> new Payer.WechatUser(wechat.openId(), wechat.subOpenId());
      case PayerIds.Alipay(String userId) -> new Payer.AlipayUser(userId);
      case PayerIds.Unserved() -> throw Results.CHANNEL_NOT_CONFIGURED.refused();
    };
  }

  private static CallRefused refused(Mistake mistake) {
    return switch (mistake) {
      case EXPIRY_PAST -> Results.EXPIRY_PAST.refused("pay_content.time_expire");
      case BODY_MISSING -> Results.FIELD_MISSING.refused("pay_content.body");
      case APP_ID_UNKNOWN -> Results.APP_ID_NOT_CONFIGURED.refused(APP_ID);
      case SUB_APP_ID_UNKNOWN -> Results.APP_ID_NOT_CONFIGURED.refused(SUB_APP_ID);
      case SUB_APP_ID_MISSING -> Results.SUB_APP_ID_NEEDED.refused(SUB_APP_ID);
    };
  }

  private static Payload payload(
      Asked<MerchantSeller, ?> asked, PaymentOrder order, Optional<JsapiArguments> page) {
    Merchant merchant = asked.seller().merchant();
    return new Payload.OfficialAccountPay(
        Written.key(merchant, order, Written.payer(order)),
        Written.content(order, false), // unpaid
        asked.nonce(),
        page);
  }

  private static JsapiArguments arguments(PageArguments page) {
    return switch (page) {
      case PageArguments.Wechat wechat ->
          new JsapiArguments.Wechat(
              wechat.appId(),
              wechat.timestamp(),
              wechat.nonce(),
              wechat.packageText(),
              wechat.signType().code(),
              wechat.paySign());
      case PageArguments.Alipay(String tradeNo) -> new JsapiArguments.Alipay(tradeNo);
    };
  }
}
