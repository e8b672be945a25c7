package io.yunfu.billing.account;

import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import java.util.Set;

/// Who signed a request: the owner itself, or a sub-user that acts on the owner's deals, vouchers
/// and balance.
///
/// @param policies of a sub-user: action patterns and presets; not looked at for the owner
public record Caller(Uin user, Uin owner, CellId cell, Edition edition, Set<String> policies) {
  private static final Set<String> PRESETS_FOR_ALL =
      Set.of("AdministratorAccess", "QCloudFinanceFullAccess");
  private static final String PRESET_RENEWALS = "QcloudFinanceRenewManageFullAccess";
  private static final Set<String> RENEWALS =
      Set.of("finance:DescribeRenewInstances", "finance:SetRenewal");

  public Caller {
    policies = Set.copyOf(policies);
  }

  public boolean isOwner() {
    return user.equals(owner);
  }

  /// Whether this caller may do an action such as `finance:trade`. An owner may do everything; a
  /// sub-user has no right in finance unless a policy names it (`billing.md` section 2.8).
  public boolean may(String action) {
    return isOwner() || policies.stream().anyMatch(policy -> allows(policy, action));
  }

  private static boolean allows(String policy, String action) {
    return PRESETS_FOR_ALL.contains(policy)
        || policy.equals(action)
        || (policy.endsWith(":*") && action.startsWith(policy.substring(0, policy.length() - 1)))
        || (policy.equals(PRESET_RENEWALS) && RENEWALS.contains(action));
  }
}
