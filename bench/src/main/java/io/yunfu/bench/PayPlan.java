package io.yunfu.bench;

import static io.yunfu.kernel.Check.require;

/// How much of payments is measured.
///
/// @param accounts that deals belong to
/// @param pgbenchClients of the baseline
record PayPlan(int accounts, int pgbenchClients, Plan common) {
  PayPlan {
    require(accounts >= 1 && accounts <= 1_000_000, "1 to 1000000 accounts, not %d", accounts);
    require(
        pgbenchClients >= 1 && pgbenchClients <= 1000,
        "pgbench has 1 to 1000 clients, not %d",
        pgbenchClients);
  }
}
