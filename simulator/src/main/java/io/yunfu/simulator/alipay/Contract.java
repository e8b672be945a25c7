package io.yunfu.simulator.alipay;

import java.util.Set;

/// What an application may do for a seller: its own, or one that gave it a token.
///
/// @param methods that it may call, such as `alipay.trade.refund`
record Contract(Seller seller, Set<String> methods) {
  Contract {
    methods = Set.copyOf(methods);
  }

  boolean allows(String method) {
    return methods.contains(method);
  }
}
