package io.yunfu.server.api.billing;

import java.util.Optional;

/// Finds the key pair behind a SecretId.
@FunctionalInterface
public interface ApiKeys {
  /// Empty when there is no such key, or it is disabled, or its user is: the answer does not tell
  /// which.
  ///
  /// @throws io.yunfu.db.DatabaseAway when it is not cached and cannot be looked up
  Optional<ApiKey> find(String secretId);
}
