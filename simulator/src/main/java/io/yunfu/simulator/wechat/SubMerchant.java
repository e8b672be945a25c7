package io.yunfu.simulator.wechat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;

/// Who is paid.
///
/// @param permissions `jsapi`, `native`, `app`, `mweb`, `micropay`, `refund`
/// @param feeRate what the channel keeps, such as 0.006
record SubMerchant(
    String subMchId,
    String name,
    Set<String> subAppIds,
    Set<String> permissions,
    BigDecimal feeRate) {
  SubMerchant {
    subAppIds = Set.copyOf(subAppIds);
    permissions = Set.copyOf(permissions);
  }

  String account() {
    return "merchant/wechat/" + subMchId;
  }

  String feeAccount() {
    return "fees/wechat/" + subMchId;
  }

  /// Money that has left the merchant and has not reached the payer yet.
  String transitAccount() {
    return "transit/wechat/" + subMchId;
  }

  /// What the channel keeps of this much, in fen.
  long fee(long fen) {
    return BigDecimal.valueOf(fen)
        .multiply(feeRate)
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }
}
