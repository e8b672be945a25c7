package io.yunfu.bench;

import io.yunfu.bench.load.Pace;

/// The runs of one contender with one workload.
record PaySeries(
    String title, Workload workload, int clients, Pace pace, Contender contender, Runs runs) {
  /// Before its first run.
  PaySeries(String title, Workload workload, int clients, Pace pace, Contender contender) {
    this(title, workload, clients, pace, contender, new Runs());
  }

  /// Those of the baseline.
  static PaySeries baseline(Workload workload, int clients, Pgbench pgbench) {
    return new PaySeries("(a) pgbench", workload, clients, new Pace.Closed(), pgbench);
  }
}
