package io.yunfu.billing.pay;

import io.yunfu.billing.pay.PayOutcome.Refused;

/// Whether a PayDeals command may be carried out, and what it then changes. A pure function of the
/// command and the rows at hand, so that the engine, the property tests and the audit run the same
/// one.
public sealed interface PayDecision {

  record Refuse(Refused why) implements PayDecision {}

  record Accept(PayOutcome.Paid paid, PayChanges changes) implements PayDecision {}

  static PayDecision decide(PayCommand command, PayState state) {
    return new PayDecider(command, state).decide();
  }
}
