package io.yunfu.billing.delivery;

/// Calls an HTTP provider, once. Blocks until there is an answer or the endpoint's time-out has
/// passed; what goes wrong is an answer as well, never an exception.
interface ProviderCalls {
  /// One call.
  ///
  /// @param attempt counts from 1; tells the provider that it has been asked before
  ProviderAnswer call(ProviderEndpoint endpoint, ProviderRequest request, int attempt);
}
