package io.yunfu.channels.alipay;

import io.yunfu.channels.Operation;

/// What Alipay's wire calls each of our calls.
final class Methods {
  private Methods() {}

  static String of(Operation operation) {
    return switch (operation) {
      case CREATE -> "alipay.trade.create";
      case QUERY -> "alipay.trade.query";
      case CLOSE -> "alipay.trade.close";
      case REFUND -> "alipay.trade.refund";
      case QUERY_REFUND -> "alipay.trade.fastpay.refund.query";
      case BILL -> "alipay.data.dataservice.bill.downloadurl.query";
    };
  }
}
