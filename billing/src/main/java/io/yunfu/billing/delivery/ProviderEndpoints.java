package io.yunfu.billing.delivery;

import java.util.Optional;

/// Where the HTTP providers of a cell are. Asked before every batch of calls, outside of any
/// transaction, so an answer may be cached for a moment; but one that says "there is none" must
/// come from the database, since deals of a provider that does not exist fail.
@FunctionalInterface
public interface ProviderEndpoints {
  ProviderEndpoints NONE = name -> Optional.empty();

  Optional<ProviderEndpoint> find(String name);
}
