package io.yunfu.gateway.payment;

import java.util.Optional;

/// What is written of an order around the question to its channel; see [OrderBatch].
sealed interface OrderStep {
  /// A new order, and the question that is asked about it next.
  record Begin(PaymentStore.Fresh order, AttemptStore.Question question) implements OrderStep {}

  /// What came of a question.
  ///
  /// @param known the order at the channel; empty when the answer says nothing of it
  record End(AttemptStore.Ended answer, Optional<PaymentStore.Known> known) implements OrderStep {}

  /// A step is durable.
  ///
  /// @param state the order's now; empty: the number of a new one is taken, and nothing was
  ///   written; or an answer says nothing of the order
  record Done(Optional<OrderState> state) {}
}
