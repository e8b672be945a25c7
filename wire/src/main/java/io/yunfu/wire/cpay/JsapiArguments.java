package io.yunfu.wire.cpay;

/// What the page needs to open the cashier. Source: `cloudpay.md` section 3.8 and, for the names,
/// the example of the published page.
public sealed interface JsapiArguments {
  void write(ContentFields out);

  /// For `getBrandWCPayRequest`.
  ///
  /// @param timestamp Unix seconds, as text
  /// @param signType the algorithm that was really used
  record Wechat(
      String appId,
      String timestamp,
      String nonce,
      String packageText,
      String signType,
      String paySign)
      implements JsapiArguments {
    @Override
    public void write(ContentFields out) {
      out.object(
          "wxpay",
          wxpay ->
              wxpay.object(
                  "get_brand_wcpay",
                  page -> {
                    page.text("app_id", appId);
                    page.text("timestamp", timestamp);
                    page.text("nonce_str", nonce);
                    page.text("package", packageText);
                    page.text("sign_type", signType);
                    page.text("pay_sign", paySign);
                  }));
    }
  }

  /// For `tradePay`: our extension, no Alipay form is published (OP-5).
  record Alipay(String tradeNo) implements JsapiArguments {
    @Override
    public void write(ContentFields out) {
      out.object(
          "alipay", alipay -> alipay.object("trade_pay", page -> page.text("trade_no", tradeNo)));
    }
  }
}
