package io.yunfu.billing.deal;

import io.yunfu.billing.account.Directory;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Ends an unpaid purchase. Since the deals of a big deal are sold together, it is always the whole
/// big deal that ends (`billing.md` section 4.2); the other big deals of its package stay, and can
/// be paid without it.
public final class CloseDeals {
  private final Whereabouts whereabouts;
  private final InstantSource clock;
  private final LifeStore store = new LifeStore();
  private final AuditLog audit = new AuditLog();

  public CloseDeals(Cells cells, InstantSource clock) {
    this.whereabouts = new Whereabouts(cells);
    this.clock = clock;
  }

  /// Why it ends, which decides where it ends.
  public enum Reason {
    /// Buyer, reseller or operator do not want it any more.
    CANCELLED("cancel", DealStatus.CLOSED),
    /// Another order has taken its place, or what it is about is gone.
    SUPERSEDED("supersede", DealStatus.INVALID),
    /// The product was withdrawn.
    PRODUCT_WITHDRAWN("withdraw-product", DealStatus.PRODUCT_INVALID),
    /// The designated payer does not want to pay it.
    PAYMENT_REFUSED("refuse-payment", DealStatus.PAYMENT_REFUSED);

    private final String code;
    private final DealStatus end;

    Reason(String code, DealStatus end) {
      this.code = code;
      this.end = end;
    }

    /// As the operator writes it.
    public String code() {
      return code;
    }
  }

  /// All or none: a big deal of which any deal is no longer unpaid is left as it is.
  ///
  /// @return the deals that have ended
  public Outcome<List<DealId>, DealRefused> close(
      Operator operator, BigDealId bigDeal, Reason reason) {
    var cell =
        whereabouts.find(
            Directory.Foreign.BIG_DEAL,
            bigDeal.value(),
            each ->
                each.database().read(tx -> store.exists(tx, bigDeal))
                    ? Optional.of(each)
                    : Optional.empty());
    if (cell.isEmpty()) {
      return Outcome.refused(new DealRefused.NoSuchBigDeal(bigDeal));
    }
    return cell.get()
        .database()
        .inTransaction(tx -> close(tx, cell.get(), operator, bigDeal, reason));
  }

  private Outcome<List<DealId>, DealRefused> close(
      Transaction tx, Cell cell, Operator operator, BigDealId bigDeal, Reason reason) {
    var deals = store.lock(tx, bigDeal);
    for (LifeStore.Standing deal : deals) {
      if (!deal.status().next().contains(reason.end)) {
        return Outcome.refused(new DealRefused.NotUnpaid(deal.id(), deal.status()));
      }
    }
    Instant now = clock.instant();
    var ids = deals.stream().map(LifeStore.Standing::id).toList();
    store.move(tx, ids, DealStatus.UNPAID, reason.end, now);
    audit.write(
        tx,
        cell.ids(),
        now,
        operator,
        "deal." + reason.code,
        "big-deal/" + bigDeal,
        Detail.of("deals", ids));
    return Outcome.done(ids);
  }
}
