package io.yunfu.billing.pay;

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

  /// One outcome per command, in order. A refused command changes nothing and costs its neighbours
  /// nothing.
  @Override
  public List<PayOutcome> run(Transaction tx, List<PayCommand> commands) {
    var state = store.load(tx, commands);
    var outcomes = new ArrayList<PayOutcome>(commands.size());
    var changes = new ArrayList<PayChanges>(commands.size());
    for (PayCommand command : commands) {
      switch (PayDecision.decide(command, state)) {
        case PayDecision.Refuse(var why) -> outcomes.add(why);
        case PayDecision.Accept(var paid, var change) -> {
          state.apply(change);
          changes.add(change);
          outcomes.add(paid);
        }
      }
    }
    store.write(tx, changes);
    return outcomes;
  }

  /// What became of a command whose commit was never answered: paid, or never happened.
  @Override
  public Optional<PayOutcome> readBack(Transaction tx, PayCommand command) {
    return store.paidBy(tx, command).map(PayOutcome.class::cast);
  }
}
