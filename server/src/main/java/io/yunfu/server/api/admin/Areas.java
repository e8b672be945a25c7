package io.yunfu.server.api.admin;

import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.ChangeAccount;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.db.Cells;
import io.yunfu.operator.MasterKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/// What an operator can do, area by area, in the order of the documentation.
public final class Areas {
  private Areas() {}

  /// Everything about billing.
  public static List<Area> ofBilling(
      Cells cells, Clock clock, SecureRandom random, MasterKey masterKey) {
    return List.of(
        new AccountsArea(
            new OpenAccount(cells, clock, random),
            new ChangeAccount(cells, clock),
            new Accounts(cells)));
  }
}
