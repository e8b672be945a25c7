package io.yunfu.channels.wechat;

import io.yunfu.channels.Operation;

/// Where WeChat Pay takes each of our calls. Source: `channels.md` section 2.1.
final class Paths {
  private Paths() {}

  static String of(Operation operation) {
    return switch (operation) {
      case CREATE -> "/pay/unifiedorder";
      case QUERY -> "/pay/orderquery";
      case CLOSE -> "/pay/closeorder";
      case REFUND -> "/secapi/pay/refund";
      case QUERY_REFUND -> "/pay/refundquery";
      case BILL -> "/pay/downloadbill";
    };
  }

  /// As the channel's documentation calls it: the end of the path.
  static String method(Operation operation) {
    String path = of(operation);
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /// Whether the channel asks for our client certificate.
  static boolean needCertificate(Operation operation) {
    return of(operation).startsWith("/secapi/");
  }
}
