package io.yunfu.billing.product;

/// Why a change of the catalogue or of a provider was not made.
public sealed interface ProductRefused {
  record NoSuchProduct(Product.Key key) implements ProductRefused {}

  record ProductExists(Product.Key key) implements ProductRefused {}

  record NoSuchProvider(String name) implements ProductRefused {}

  record ProviderExists(String name) implements ProductRefused {}
}
