package io.yunfu.wire.cpay;

import io.yunfu.kernel.Money;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A coupon that paid a part of an order, or came back with a refund. Source: `cloudpay.md` section
/// 3.12.
///
/// @param type `CASH` or `NO_CASH`
/// @param contributeType who bears it: 1 merchant, 2 platform, 3 other
public record CouponInfo(
    Optional<String> id, Money fee, Optional<String> type, OptionalInt contributeType) {

  static void writeAll(ContentFields out, List<CouponInfo> coupons) {
    if (!coupons.isEmpty()) {
      out.objects(
          "coupon_infos",
          coupons,
          (one, coupon) -> {
            one.optionalText("coupon_id", coupon.id);
            one.money("coupon_fee", coupon.fee);
            one.optionalText("coupon_type", coupon.type);
            one.optionalInteger("contribute_type", coupon.contributeType);
          });
    }
  }
}
