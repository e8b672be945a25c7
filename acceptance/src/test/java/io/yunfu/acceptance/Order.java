package io.yunfu.acceptance;

import com.tencentcloudapi.billing.v20180709.models.PayDealsRequest;
import java.util.List;

/// A big deal with its deals, unpaid.
record Order(String bigDealId, List<String> dealIds) {
  /// Of a big deal with one deal.
  String dealId() {
    if (dealIds.size() != 1) {
      throw new IllegalStateException(bigDealId + " has " + dealIds.size() + " deals");
    }
    return dealIds.getFirst();
  }

  /// Pays all of it.
  PayDealsRequest request() {
    return Vendor.deals(dealIds.toArray(String[]::new));
  }

  /// The same as JSON.
  String json() {
    return "{\"OrderIds\":[\"" + String.join("\",\"", dealIds) + "\"]}";
  }
}
