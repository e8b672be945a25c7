package io.yunfu.simulator.wechat;

/// A coupon that paid a part.
///
/// @param fee in fen
/// @param cash whether the merchant gets that part as well (`CASH`), or gave it away (`NO_CASH`)
record Coupon(String id, long fee, boolean cash) {
  String type() {
    return cash ? "CASH" : "NO_CASH";
  }
}
