package io.yunfu.gateway.payment;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.db.Batch;
import io.yunfu.db.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Steps of many orders in one transaction.
///
/// Lock order: numbers of new orders, then orders by id.
final class OrderBatch implements Batch<OrderStep, OrderStep.Done> {
  private final PaymentStore payments = new PaymentStore();
  private final AttemptStore attempts = new AttemptStore();

  @Override
  public List<OrderStep.Done> run(Transaction tx, List<OrderStep> steps) {
    var begun = new ArrayList<OrderStep.Begin>();
    var answers = new ArrayList<AttemptStore.Ended>();
    var known = new ArrayList<PaymentStore.Known>();
    for (OrderStep step : steps) {
      switch (step) {
        case OrderStep.Begin begin -> begun.add(begin);
        case OrderStep.End end -> {
          answers.add(end.answer());
          end.known().ifPresent(known::add);
        }
      }
    }
    var pipeline = tx.pipeline();
    var fresh = payments.begin(pipeline, begun);
    var ended = attempts.end(pipeline, answers);
    var waiting = payments.waiting(pipeline, known);
    pipeline.run();
    ended.run();
    Set<Long> written = fresh.get();
    Map<Long, OrderState> states = waiting.get();
    return steps.stream().map(step -> new OrderStep.Done(state(step, written, states))).toList();
  }

  private static Optional<OrderState> state(
      OrderStep step, Set<Long> written, Map<Long, OrderState> states) {
    return switch (step) {
      case OrderStep.Begin(var order, var _) ->
          Optional.of(OrderState.SENT).filter(_ -> written.contains(order.order().id()));
      case OrderStep.End(var _, var known) ->
          known.map(order -> {
            OrderState state = states.get(order.id());
            ensure(state != null, "payment %d is gone", order.id());
            return state;
          });
    };
  }

  @Override
  public Optional<OrderStep.Done> readBack(Transaction tx, OrderStep step) {
    return switch (step) {
      case OrderStep.Begin(var order, var _) ->
          payments
              .stateOf(tx, order.order().id())
              .map(_ -> new OrderStep.Done(Optional.of(OrderState.SENT)));
      case OrderStep.End(var answer, var known) ->
          attempts.isEnded(tx, answer.question())
              ? Optional.of(
                  new OrderStep.Done(known.flatMap(order -> payments.stateOf(tx, order.id()))))
              : Optional.empty();
    };
  }
}
