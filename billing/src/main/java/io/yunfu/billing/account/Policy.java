package io.yunfu.billing.account;

import java.util.Set;
import java.util.regex.Pattern;

/// What a sub-user may be allowed: one action of finance such as `finance:trade`, all of them
/// (`finance:*`), or a preset of the vendor. See [Caller#may].
public final class Policy {
  /// `finace:trade`, which a page of the vendor spells so, is none (`billing.md`, open point 18).
  private static final Pattern ACTION = Pattern.compile("finance:(\\*|[A-Za-z][A-Za-z0-9]{0,63})");

  private static final Set<String> PRESETS =
      Set.of(
          "AdministratorAccess", "QCloudFinanceFullAccess", "QcloudFinanceRenewManageFullAccess");

  private Policy() {}

  public static boolean isWellFormed(String policy) {
    return PRESETS.contains(policy) || ACTION.matcher(policy).matches();
  }
}
