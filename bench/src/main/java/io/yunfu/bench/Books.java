package io.yunfu.bench;

import io.yunfu.billing.audit.BillingAuditStore;
import io.yunfu.db.Database;
import io.yunfu.gateway.audit.GatewayAuditStore;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.LedgerAuditStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the database says after all runs: the audit of the books, and the comparison of what the
/// clients were told with what is there.
final class Books {
  private static final String PAID =
      """
      select right(deal_id, 12)::bigint - ? as n
        from deal
       where deal_id >= ? and deal_id < ? and posting_id is not null
      """;

  private final Database cell;

  Books(Database cell) {
    this.cell = cell;
  }

  /// Every place where the books break a rule.
  List<Finding> findings() {
    return cell.snapshot(tx -> {
      List<Finding> findings = new ArrayList<>(new LedgerAuditStore().findings(tx));
      findings.addAll(new BillingAuditStore().findings(tx));
      findings.addAll(new GatewayAuditStore().findings(tx));
      return findings;
    });
  }

  /// Holds receipts against the database.
  Comparison compare(Numbering numbering, Receipts receipts) {
    Set<Long> paid = new HashSet<>();
    cell.snapshot(tx -> {
      tx.forEach(
          PAID,
          row -> row.longAt("n"),
          paid::add,
          Numbering.FIRST_DEAL,
          numbering.deal(receipts.first()),
          numbering.deal(receipts.end()));
      return paid;
    });
    long lost = 0;
    for (long number = receipts.first(); number < receipts.end(); number++) {
      if (receipts.isAcknowledged(number) && !paid.contains(number)) {
        lost++;
      }
    }
    long unasked = paid.stream().filter(number -> !receipts.isAsked(number)).count();
    return new Comparison(receipts.acknowledged(), paid.size(), lost, unasked);
  }

  /// What came out of it.
  ///
  /// @param acknowledged payments that clients were told of
  /// @param paid deals that are paid
  /// @param lost acknowledged, but not paid
  /// @param unasked paid, but never asked for
  record Comparison(long acknowledged, long paid, long lost, long unasked) {
    static final Comparison NOTHING = new Comparison(0, 0, 0, 0);

    Comparison plus(Comparison other) {
      return new Comparison(
          acknowledged + other.acknowledged,
          paid + other.paid,
          lost + other.lost,
          unasked + other.unasked);
    }

    boolean isGood() {
      return lost == 0 && unasked == 0;
    }
  }
}
