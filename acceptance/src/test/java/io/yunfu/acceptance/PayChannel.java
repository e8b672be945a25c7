package io.yunfu.acceptance;

/// The two channels, and what their calls are called at each.
enum PayChannel {
  WECHAT("unifiedorder", "orderquery", "closeorder", "refund", 7),
  ALIPAY(
      "alipay.trade.create", "alipay.trade.query", "alipay.trade.close", "alipay.trade.refund", 5);

  final String create;
  final String query;
  final String close;
  final String refund;

  /// `current_trade_state` of a closed order. Source: `cloudpay.md` sections 4.7, 4.8.
  final int closed;

  PayChannel(String create, String query, String close, String refund, int closed) {
    this.create = create;
    this.query = query;
    this.close = close;
    this.refund = refund;
    this.closed = closed;
  }

  /// As the simulator, the admin API and our books have it.
  String code() {
    return this == WECHAT ? "wechat" : "alipay";
  }

  /// The object that holds what only this channel says of an order.
  String extension() {
    return this == WECHAT ? "wxpay_order_content_ext" : "alipay_order_content_ext";
  }

  /// Members of `pay_mch_key` that say who pays.
  String payerOnWire(SimulatedChannels channels) {
    return this == WECHAT
        ? "\"pay_platform\":1,\"wxpay_pay_mch_key_ext\":{\"sub_open_id\":\"%s\"}"
            .formatted(channels.wechatPayer())
        : "\"pay_platform\":2,\"alipay_pay_mch_key_ext\":{\"user_id\":\"%s\"}"
            .formatted(channels.alipayPayer());
  }
}
