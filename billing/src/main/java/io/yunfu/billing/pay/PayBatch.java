package io.yunfu.billing.pay;

import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.delivery.AtOnce;
import io.yunfu.db.Batch;
import io.yunfu.db.Transaction;
import io.yunfu.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lock, decide, write, for many commands in one transaction: all rows are locked at once, every
/// command is decided on what the commands before it left, and all changes are written together.
final class PayBatch implements Batch<PayCommand, PayOutcome> {
  private final PaymentStore store = new PaymentStore(new Ledger());
  private final boolean deliversAtOnce;

  /// @param deliversAtOnce whether purchases of the built-in provider are delivered with their
  ///   payment
  PayBatch(boolean deliversAtOnce) {
    this.deliversAtOnce = deliversAtOnce;
  }

  /// One outcome per command, in order. A refused command changes nothing and costs its neighbours
  /// nothing.
  @Override
  public List<PayOutcome> run(Transaction tx, List<PayCommand> commands) {
    var state = store.load(tx, commands);
    var outcomes = new ArrayList<PayOutcome>(commands.size());
    var changes = new ArrayList<PayChanges>(commands.size());
    var atOnce = new AtOnce();
    for (PayCommand command : commands) {
      switch (PayDecision.decide(command, state)) {
        case PayDecision.Refuse(var why) -> outcomes.add(why);
        case PayDecision.Accept(var paid, var change) -> {
          state.apply(change);
          changes.add(change);
          outcomes.add(paid);
          if (deliversAtOnce) {
            deliver(change, state, atOnce);
          }
        }
      }
    }
    var delivered = store.write(tx, changes, atOnce);
    outcomes.replaceAll(
        outcome -> outcome instanceof PayOutcome.Paid paid ? paid.delivered(delivered) : outcome);
    return outcomes;
  }

  private static void deliver(PayChanges change, PayState state, AtOnce atOnce) {
    for (PayChanges.PaidDeal paid : change.deals()) {
      var prefix = state.builtInPrefix(paid.deal());
      state
          .deal(paid.deal())
          .filter(deal -> prefix.isPresent() && deal.action().equals(Deal.PURCHASE))
          .ifPresent(deal ->
              atOnce.make(
                  new AtOnce.Purchase(
                      deal.id(),
                      deal.owner(),
                      deal.productCode(),
                      deal.subProductCode(),
                      deal.price().quantity(),
                      prefix.orElseThrow(),
                      change.payer(),
                      change.mode(),
                      change.at())));
    }
  }

  /// What became of a command whose commit was never answered: paid, or never happened.
  @Override
  public Optional<PayOutcome> readBack(Transaction tx, PayCommand command) {
    return store.paidBy(tx, command).map(PayOutcome.class::cast);
  }
}
