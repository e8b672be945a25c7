package io.yunfu.billing.voucher;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.InstantSource;
import java.time.LocalDate;

/// The operator's steps in the life of a voucher: claimed for its owner, or withdrawn. What was
/// spent of it stays spent.
public final class MoveVouchers {
  private final Vouchers vouchers;
  private final InstantSource clock;
  private final VoucherStore store = new VoucherStore();
  private final AuditLog audit = new AuditLog();

  public MoveVouchers(Cells cells, InstantSource clock) {
    this.vouchers = new Vouchers(cells);
    this.clock = clock;
  }

  /// From `delivered` to `unUsed`: from now on it can be spent.
  public Outcome<IssuedVoucher, VoucherRefused> claim(Operator operator, VoucherId id) {
    return move(operator, id, "voucher.claim", VoucherStatus.UNUSED);
  }

  /// From `delivered` or `unUsed` to `cancel`, for good.
  public Outcome<IssuedVoucher, VoucherRefused> cancel(Operator operator, VoucherId id) {
    return move(operator, id, "voucher.cancel", VoucherStatus.CANCELLED);
  }

  private Outcome<IssuedVoucher, VoucherRefused> move(
      Operator operator, VoucherId id, String action, VoucherStatus to) {
    var cell = vouchers.cellOf(id);
    if (cell.isEmpty()) {
      return Outcome.refused(new VoucherRefused.NoSuchVoucher(id));
    }
    return cell.get()
        .database()
        .inTransaction(tx -> move(tx, cell.get(), operator, id, action, to));
  }

  private Outcome<IssuedVoucher, VoucherRefused> move(
      Transaction tx, Cell cell, Operator operator, VoucherId id, String action, VoucherStatus to) {
    IssuedVoucher before = store.lock(tx, id).orElseThrow();
    LocalDate today = LocalDate.ofInstant(clock.instant(), IssueVouchers.ZONE);
    if (to == VoucherStatus.UNUSED && before.issue().ends().isBefore(today)) {
      return Outcome.refused(new VoucherRefused.ValidityIsPast(before.issue().ends(), today));
    }
    if (!before.status().next().contains(to)) {
      return Outcome.refused(new VoucherRefused.NotPossible(id, before.status()));
    }
    store.move(tx, id, before.status(), to);
    audit.write(
        tx,
        cell.ids(),
        clock.instant(),
        operator,
        action,
        "voucher/" + id,
        Detail.of("owner", before.owner())
            .and("statusBefore", before.status().code())
            .and("balanceMicro", before.balanceMicro()));
    return Outcome.done(store.find(tx, id).orElseThrow());
  }
}
