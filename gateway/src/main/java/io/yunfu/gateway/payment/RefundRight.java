package io.yunfu.gateway.payment;

import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.ShopId;
import java.util.Optional;

/// By whose right a refund is asked for, as the caller says it. Source: `cloudpay.md` section 6.6.
///
/// @param isAdmin whether an administrator of the merchant does it; absent when nothing is said
/// @param staff who has the right, or has lent it
public record RefundRight(Optional<Boolean> isAdmin, Optional<String> staff) {
  /// Whether it is enough in this shop. Who neither is an administrator nor names one of the shop's
  /// staff with the right has none.
  public boolean suffices(Merchant merchant, ShopId shop) {
    if (isAdmin.orElse(false)) {
      return true;
    }
    return staff
        .filter(id -> merchant.shop(shop).filter(one -> one.refundStaff().contains(id)).isPresent())
        .isPresent();
  }
}
