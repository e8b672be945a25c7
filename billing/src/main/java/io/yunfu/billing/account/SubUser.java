package io.yunfu.billing.account;

import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.List;

/// Somebody who acts for an owner, as far as the policies go.
///
/// @param active false while none of its keys may be used
public record SubUser(
    Uin uin, Uin owner, String name, boolean active, Instant createdAt, List<String> policies) {
  public SubUser {
    policies = List.copyOf(policies);
  }
}
