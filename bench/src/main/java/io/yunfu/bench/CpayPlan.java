package io.yunfu.bench;

import static io.yunfu.kernel.Check.require;

import java.util.List;

/// How much of the gateway is measured.
///
/// @param merchants sub-merchants that orders are placed for
/// @param answers a series with each number of connections for each
record CpayPlan(int merchants, List<AnswerTime> answers, Plan common) {
  CpayPlan {
    answers = List.copyOf(answers);
    require(merchants >= 1 && merchants <= 10_000, "1 to 10000 merchants, not %d", merchants);
  }
}
