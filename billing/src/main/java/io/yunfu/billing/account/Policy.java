package io.yunfu.billing.account;

import java.util.regex.Pattern;

/// What a sub-user may be allowed: one action of finance such as `finance:trade`, all of them
/// (`finance:*`), or a preset of the vendor. See [Caller#may].
public final class Policy {
  /// `finace:trade`, which a page of the vendor spells so, is none (`billing.md`, open point 18).
  public static final Pattern FORM =
      Pattern.compile(
          "finance:(\\*|[A-Za-z][A-Za-z0-9]{0,63})"
              + "|AdministratorAccess|QCloudFinanceFullAccess|QcloudFinanceRenewManageFullAccess");

  private Policy() {}

  public static boolean isWellFormed(String policy) {
    return FORM.matcher(policy).matches();
  }
}
