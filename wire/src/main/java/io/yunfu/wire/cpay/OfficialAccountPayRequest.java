package io.yunfu.wire.cpay;

import java.util.Optional;
import java.util.OptionalLong;

/// `official_account_pay`: an order that is paid inside a page of WeChat or Alipay. Source:
/// `cloudpay.md` section 2.1.1.
///
/// @param nonce echoed in the order; empty when there was none
/// @param tradeType of the published example; changes nothing
public record OfficialAccountPayRequest(
    MerchantIds merchant,
    Platform platform,
    int subPlatform,
    PayerIds payer,
    PayContent content,
    OrderClient client,
    String nonce,
    OptionalLong tradeType)
    implements CallContent {
  public static final String NAME = "official_account_pay";

  public static OfficialAccountPayRequest of(FieldReader in) {
    FieldReader key = in.object("pay_mch_key");
    Platform platform = Platform.of(key);
    int subPlatform = platform.subPlatform(key);
    return new OfficialAccountPayRequest(
        MerchantIds.of(key),
        platform,
        subPlatform,
        PayerIds.of(key, platform),
        PayContent.of(in.object("pay_content"), platform),
        OrderClient.withAddress(in.object("order_client")),
        Nonces.read(in),
        in.ignoredNumber("trade_type"));
  }

  @Override
  public Optional<NewNumber> newNumber() {
    return Optional.of(new NewNumber("pay_content.out_trade_no", content.outTradeNo()));
  }
}
