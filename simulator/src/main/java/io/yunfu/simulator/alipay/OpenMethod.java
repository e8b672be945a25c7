package io.yunfu.simulator.alipay;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The methods that are served. Source: channels.md, sections 4.3 to 4.8 and 4.11.
enum OpenMethod {
  CREATE("alipay.trade.create"),
  PRECREATE("alipay.trade.precreate"),
  PAY("alipay.trade.pay"),
  QUERY("alipay.trade.query"),
  CLOSE("alipay.trade.close"),
  CANCEL("alipay.trade.cancel"),
  REFUND("alipay.trade.refund"),
  REFUND_QUERY("alipay.trade.fastpay.refund.query"),
  BILL("alipay.data.dataservice.bill.downloadurl.query");

  private final String wire;

  OpenMethod(String wire) {
    this.wire = wire;
  }

  static Optional<OpenMethod> named(String wire) {
    return Arrays.stream(values()).filter(each -> each.wire.equals(wire)).findFirst();
  }

  static Set<String> names() {
    return Arrays.stream(values()).map(OpenMethod::wire).collect(Collectors.toUnmodifiableSet());
  }

  /// As it stands in `method`.
  String wire() {
    return wire;
  }

  /// The name of the node in the answer.
  String node() {
    return wire.replace('.', '_') + "_response";
  }
}
