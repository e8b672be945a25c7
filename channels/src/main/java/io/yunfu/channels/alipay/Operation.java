package io.yunfu.channels.alipay;

/// The calls we make.
enum Operation {
  CREATE("alipay.trade.create"),
  QUERY("alipay.trade.query"),
  CLOSE("alipay.trade.close"),
  REFUND("alipay.trade.refund"),
  QUERY_REFUND("alipay.trade.fastpay.refund.query");

  private final String method;

  Operation(String method) {
    this.method = method;
  }

  /// As the wire calls it.
  String method() {
    return method;
  }
}
