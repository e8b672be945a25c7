package io.yunfu.billing.deal;

import io.yunfu.billing.product.Product;
import io.yunfu.kernel.Uin;

/// Why deals were not created, or not moved.
public sealed interface DealRefused {
  record NoSuchAccount(Uin uin) implements DealRefused {}

  /// Only the owner, one of its sub-users, or its reseller places deals.
  record CreatorMayNot(Uin creator, Uin owner) implements DealRefused {}

  record NoSuchProduct(int line, Product.Key key) implements DealRefused {}

  /// The list price is no whole number of micro, or leaves 64 bits.
  record PriceNotExact(int line) implements DealRefused {}

  /// A renewal or change is about a resource of the owner; a purchase is about none yet.
  record TargetsDoNotFit(int line, String why) implements DealRefused {}

  record PayUntilIsPast() implements DealRefused {}

  record DealExists(DealId id) implements DealRefused {}

  record BigDealExists(BigDealId id) implements DealRefused {}

  /// The package is somebody else's, or part of it is no longer unpaid.
  record PackageIsClosed(String packageId) implements DealRefused {}

  record NoSuchBigDeal(BigDealId id) implements DealRefused {}

  record NoSuchDeal(DealId id) implements DealRefused {}

  /// One of the deals is no longer unpaid.
  record NotUnpaid(DealId id, DealStatus status) implements DealRefused {}

  /// The idempotency key came with another request before.
  record KeyReused() implements DealRefused {}
}
