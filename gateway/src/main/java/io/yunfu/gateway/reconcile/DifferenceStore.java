package io.yunfu.gateway.reconcile;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.PayPlatform;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// Differences at rest: table `bill_difference`.
final class DifferenceStore {
  private static final String COLUMNS =
      """
      select d.difference_id, d.reconciliation_id, c.day, d.class, d.state, d.payment_id, d.refund_id, d.transaction_id,
             d.out_trade_no, d.out_refund_no, d.detail, d.case_id, d.found_at, d.settled_at
        from bill_difference d
        join reconciliation c using (reconciliation_id)
      """;
  private static final String PUT =
      """
      insert into bill_difference (difference_id, reconciliation_id, class, cause, payment_id, refund_id, transaction_id,
                                   out_trade_no, out_refund_no, detail, state, run, found_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (reconciliation_id, class, cause) do update
         set run = excluded.run, detail = excluded.detail, payment_id = excluded.payment_id, refund_id = excluded.refund_id,
             state = case bill_difference.state when 'settled' then excluded.state else bill_difference.state end,
             settled_at = null
      """;
  private static final String OF =
      COLUMNS
          + """
           where reconciliation_id = ? and difference_id > ? and (not ? or d.state in ('open', 'waits'))
           order by difference_id limit ?
          """;
  private static final String OPEN =
      COLUMNS
          + " where reconciliation_id = ? and d.state in ('open', 'waits') order by difference_id";
  private static final String GONE =
      COLUMNS
          + " where reconciliation_id = ? and d.state in ('open', 'waits') and d.run <> ? order by difference_id";
  private static final String OPEN_BEFORE =
      COLUMNS
          + """
            left join payment_case k using (case_id)
           where c.platform = ? and c.account = ? and c.day < ? and c.day >= ? and d.state in ('open', 'waits')
             and k.closed_at is null
           order by d.difference_id limit ?
          """;
  private static final String MOVE =
      "update bill_difference set state = ?, case_id = coalesce(?, case_id), settled_at = ? where difference_id = ?";

  /// Writes down what was found; what is there keeps its state and its case.
  void put(
      Transaction tx,
      long id,
      long reconciliation,
      Verdict found,
      Difference.State state,
      int run,
      Instant now) {
    tx.update(
        PUT,
        id,
        reconciliation,
        found.kind().code(),
        found.cause(),
        found.payment().orElse(null),
        found.refund().orElse(null),
        found.transactionId(),
        found.outTradeNo(),
        found.outRefundNo(),
        found.detail(),
        state.code(),
        run,
        now);
  }

  List<Difference> list(
      Transaction tx, long reconciliation, long after, boolean openOnly, int limit) {
    return tx.query(OF, DifferenceStore::read, reconciliation, after, openOnly, limit);
  }

  List<Difference> open(Transaction tx, long reconciliation) {
    return tx.query(OPEN, DifferenceStore::read, reconciliation);
  }

  /// Those that a run has not seen any more.
  List<Difference> gone(Transaction tx, long reconciliation, int run) {
    return tx.query(GONE, DifferenceStore::read, reconciliation, run);
  }

  /// Of earlier days of the same account.
  List<Difference> openBefore(
      Transaction tx,
      PayPlatform platform,
      String account,
      LocalDate day,
      LocalDate notBefore,
      int most) {
    return tx.query(
        OPEN_BEFORE, DifferenceStore::read, platform.number(), account, day, notBefore, most);
  }

  void move(Transaction tx, long id, Difference.State state, Optional<Long> caseId, Instant now) {
    tx.update(
        MOVE,
        state.code(),
        caseId.orElse(null),
        state == Difference.State.SETTLED ? now : null,
        id);
  }

  private static Difference read(Row row) {
    return new Difference(
        row.longAt("difference_id"),
        row.longAt("reconciliation_id"),
        row.date("day"),
        Difference.Kind.parse(row.text("class")),
        Difference.State.parse(row.text("state")),
        Optional.ofNullable(row.longOrNull("payment_id")),
        Optional.ofNullable(row.longOrNull("refund_id")),
        row.text("transaction_id"),
        row.text("out_trade_no"),
        row.text("out_refund_no"),
        row.text("detail"),
        Optional.ofNullable(row.longOrNull("case_id")),
        row.instant("found_at"),
        Optional.ofNullable(row.instantOrNull("settled_at")));
  }
}
