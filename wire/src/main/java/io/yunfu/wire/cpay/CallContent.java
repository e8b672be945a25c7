package io.yunfu.wire.cpay;

import java.util.Optional;

/// The content of a call, read: what every call has in common for the checks that follow.
public sealed interface CallContent
    permits OfficialAccountPayRequest, OrderRequest, RefundRequest, QueryRefundOrderRequest {
  MerchantIds merchant();

  OrderClient client();

  /// The number that the call makes, which must begin with a prefix of the sub-merchant.
  default Optional<NewNumber> newNumber() {
    return Optional.empty();
  }

  /// A number with the path of its member.
  record NewNumber(String path, String value) {}
}
