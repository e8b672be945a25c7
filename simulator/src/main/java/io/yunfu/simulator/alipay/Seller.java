package io.yunfu.simulator.alipay;

import java.math.BigDecimal;

/// A merchant with an account: who is paid.
///
/// @param id sixteen digits that begin with 2088
/// @param email how the merchant logs in
/// @param feeRate of what it receives; 0.006 is six per mille
record Seller(String id, String name, String email, BigDecimal feeRate) {
  /// What the merchant has, in the ledger.
  String account() {
    return "merchant/alipay/" + id;
  }

  /// What the channel has kept of this merchant's payments, in the ledger.
  String fees() {
    return "fees/alipay/" + id;
  }
}
