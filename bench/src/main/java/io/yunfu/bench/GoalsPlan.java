package io.yunfu.bench;

import static io.yunfu.kernel.Check.require;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// How much of everything is measured.
///
/// @param accounts that deals belong to
/// @param pgbenchClients of the baseline
/// @param merchants that orders are placed for
/// @param readsPerSecond of each question
/// @param sustained the window of the long run
/// @param growth deals of the past in the tables, from few to many
/// @param starts of the packaged server
record GoalsPlan(
    Set<Part> parts,
    int accounts,
    int pgbenchClients,
    int merchants,
    int readsPerSecond,
    Duration sustained,
    List<Integer> growth,
    int starts,
    Plan common) {
  GoalsPlan {
    parts = Set.copyOf(parts);
    growth = List.copyOf(growth);
    require(accounts >= 1 && accounts <= 1_000_000, "1 to 1000000 accounts, not %d", accounts);
    require(readsPerSecond >= 1, "1 question a second or more, not %d", readsPerSecond);
    require(
        sustained.toSeconds() >= 1 && sustained.toHours() <= 1,
        "a window is a second to an hour: %s",
        sustained);
    require(growth.size() >= 2, "growth needs two sizes or more");
    for (int size : growth) {
      require(size >= 1 && size <= 100_000_000, "tables hold 1 to 100000000 deals, not %d", size);
    }
    require(starts >= 1 && starts <= 100, "1 to 100 starts, not %d", starts);
  }

  boolean has(Part part) {
    return parts.contains(part);
  }

  /// The plan of `bench cpay` with a channel that answers at once.
  CpayPlan cpay() {
    return new CpayPlan(merchants, List.of(AnswerTime.AT_ONCE), common);
  }

  /// The plan of the long run.
  Plan longRun() {
    return new Plan(1, common.warmUp(), sustained, common.connections(), common.threads(), false);
  }
}
