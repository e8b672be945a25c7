package io.yunfu.demo.shop;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whose app the page is in. Source: `cloudpay.md` sections 3.5, 3.8 and 4.3.
enum Channel {
  WECHAT(1) {
    @Override
    void identify(ObjectNode payMchKey, ShopSettings.Payer payer) {
      payMchKey.putObject("wxpay_pay_mch_key_ext").put("sub_open_id", payer.wechatSubOpenId());
    }

    @Override
    ObjectNode page(JsonNode jsapiArguments) {
      JsonNode given = jsapiArguments.at("/wxpay/get_brand_wcpay");
      return JSON.createObjectNode()
          .put("appId", given.path("app_id").asString())
          .put("timeStamp", given.path("timestamp").asString())
          .put("nonceStr", given.path("nonce_str").asString())
          .put("package", given.path("package").asString())
          .put("signType", given.path("sign_type").asString())
          .put("paySign", given.path("pay_sign").asString());
    }
  },
  ALIPAY(2) {
    @Override
    void identify(ObjectNode payMchKey, ShopSettings.Payer payer) {
      payMchKey.putObject("alipay_pay_mch_key_ext").put("user_id", payer.alipayUserId());
    }

    @Override
    ObjectNode page(JsonNode jsapiArguments) {
      return JSON.createObjectNode()
          .put("tradeNO", jsapiArguments.at("/alipay/trade_pay/trade_no").asString());
    }
  };

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final int payPlatform;

  Channel(int payPlatform) {
    this.payPlatform = payPlatform;
  }

  /// As `pay_platform` counts them.
  int payPlatform() {
    return payPlatform;
  }

  /// As the page spells it.
  static Optional<Channel> of(String name) {
    return switch (name) {
      case "wechat" -> Optional.of(WECHAT);
      case "alipay" -> Optional.of(ALIPAY);
      default -> Optional.empty();
    };
  }

  /// Says who pays.
  abstract void identify(ObjectNode payMchKey, ShopSettings.Payer payer);

  /// What the page hands to the app's bridge, under the names that the bridge takes.
  ///
  /// @param jsapiArguments as `official_account_pay` answers them
  abstract ObjectNode page(JsonNode jsapiArguments);
}
