package io.yunfu.gateway.reconcile;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.RefundState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The lines of bills at rest, and what of ours they are: table `bill_row`, beside `payment` and
/// `payment_refund`, which are only read.
final class BillRowStore {
  private static final String INSERT =
      """
      insert into bill_row (reconciliation_id, run, line, kind, transaction_id, out_trade_no, channel_refund_id, out_refund_no,
                            sub_merchant, app_id, currency, amount, settlement, fee, happened_at, status)
      select ?, ?, * from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                                 ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::text[])
      """;
  private static final String FORGET =
      "delete from bill_row where reconciliation_id = ? and run <> ?";
  private static final String MATCH_REFUNDS =
      """
      update bill_row b
         set refund_id = r.refund_id, payment_id = r.payment_id
        from payment_refund r
        join payment p using (payment_id)
       where b.reconciliation_id = ? and b.kind = 'refund' and r.out_refund_no = b.out_refund_no and p.platform = ?
         and (p.transaction_id = b.transaction_id or r.transaction_id = b.transaction_id
              or p.out_trade_no = b.out_trade_no)
      """;

  /// By the channel's number first.
  private static final String MATCH_TRANSACTIONS =
      """
      update bill_row b
         set payment_id = p.payment_id
        from payment p
       where b.reconciliation_id = ? and b.payment_id is null and p.transaction_id = b.transaction_id and p.platform = ?
         and p.out_trade_no = b.out_trade_no
      """;

  private static final String MATCH_NUMBERS =
      """
      update bill_row b
         set payment_id = p.payment_id
        from payment p
       where b.reconciliation_id = ? and b.payment_id is null and p.out_trade_no = b.out_trade_no and p.platform = ?
      """;
  private static final String PAIRS =
      """
      select b.*,
             row_number() over (partition by b.kind, b.transaction_id, b.out_refund_no, b.channel_refund_id order by b.line)
               as nth,
             p.state as our_state, p.transaction_id as our_transaction, p.total,
             coalesce(p.settlement, 0) as our_settlement, p.currency as our_currency, p.merchant,
             p.request ->> 'appId' as our_app_id, p.fee_ppm, r.state as back_state, r.amount as back_amount,
             coalesce(r.settlement, 0) as back_settlement, r.fee_back
        from bill_row b
        left join payment p using (payment_id)
        left join payment_refund r on r.refund_id = b.refund_id
       where b.reconciliation_id = ?
       order by b.line
      """;

  /// Looked for by creation, for which there is an index: an order is paid within so long.
  private static final String PAID_AND_ABSENT =
      """
      select p.payment_id, p.out_trade_no, p.transaction_id, p.total
        from payment p
       where p.merchant = any (?) and p.platform = ? and p.created_at >= ? and p.created_at < ?
         and p.paid_at >= ? and p.paid_at < ?
         and not exists (select 1 from bill_row b where b.payment_id = p.payment_id and b.transaction_id = p.transaction_id
                            and (b.kind = 'pay' or coalesce(b.out_refund_no, b.channel_refund_id) is null))
       order by p.payment_id limit ?
      """;

  private static final String REFUNDS =
      """
      select r.refund_id, r.payment_id, r.out_refund_no, p.out_trade_no,
             coalesce(r.transaction_id, p.transaction_id) as transaction_id, r.amount
        from payment_refund r
        join payment p using (payment_id)
      """;
  private static final String REFUNDED_AND_ABSENT =
      REFUNDS
          + """
           where r.merchant = any (?) and p.platform = ? and r.created_at >= ? and r.created_at < ?
             and case p.platform when 1 then r.sent_at else r.succeeded_at end >= ?
             and case p.platform when 1 then r.sent_at else r.succeeded_at end < ?
             and r.state in ('accepted', 'success', 'abnormal', 'unknown')
             and not exists (select 1 from bill_row b where b.refund_id = r.refund_id)
           order by r.refund_id limit ?
          """;
  private static final String OVERDUE =
      REFUNDS
          + """
           where r.merchant = any (?) and p.platform = ? and r.created_at >= ? and r.sent_at < ?
             and r.state in ('stored', 'accepted', 'unknown')
           order by r.refund_id limit ?
          """;
  private static final String HAS_PAYMENT =
      "select count(*) as n from bill_row where payment_id = ? and transaction_id = ? and kind = 'pay'";
  private static final String HAS_REFUND = "select count(*) as n from bill_row where refund_id = ?";
  private static final String ORDER =
      "select state, transaction_id from payment where payment_id = ?";
  private static final String REFUND = "select state from payment_refund where refund_id = ?";
  private static final String HAS_ORDER =
      "select count(*) as n from payment where out_trade_no = ?";
  private static final String REFUND_BY_NUMBER =
      "select count(*) as n from payment_refund where payment_id = ? and out_refund_no = ?";
  private static final String STATUS =
      "select status from bill_row where reconciliation_id = ? and refund_id = ? order by line limit 1";
  private static final String TOTALS =
      """
      select p.merchant, coalesce(b.sub_merchant, '') as sub_merchant,
             count(*) filter (where b.kind = 'pay') as payments,
             coalesce(sum(b.amount) filter (where b.kind = 'pay'), 0)::bigint as paid,
             coalesce(sum(b.settlement) filter (where b.kind = 'pay'), 0)::bigint as paid_settlement,
             count(*) filter (where b.kind = 'refund') as refunds,
             coalesce(sum(b.amount) filter (where b.kind = 'refund'), 0)::bigint as refunded,
             coalesce(sum(b.settlement) filter (where b.kind = 'refund'), 0)::bigint as refunded_settlement,
             coalesce(sum(case b.kind when 'pay' then b.fee else -b.fee end), 0)::bigint as fee,
             coalesce(sum(p.settlement) filter (where b.kind = 'pay' and p.paid_at is not null
                                                 and p.transaction_id = b.transaction_id), 0)::bigint as booked_paid,
             coalesce(sum(r.settlement) filter (where b.kind = 'refund' and r.state = 'success'), 0)::bigint as booked_refunded
        from bill_row b
        left join payment p using (payment_id)
        left join payment_refund r on r.refund_id = b.refund_id
       where b.reconciliation_id = ?
       group by p.merchant, coalesce(b.sub_merchant, '')
       order by p.merchant nulls last, sub_merchant
      """;

  /// @param firstLine the number of the first of them in the bill
  void insert(Transaction tx, long reconciliation, int run, long firstLine, List<BillRow> rows) {
    long[] lines = new long[rows.size()];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = firstLine + i;
    }
    tx.update(
        INSERT,
        reconciliation,
        run,
        lines,
        texts(rows, row -> kind(row.kind())),
        texts(rows, BillRow::transactionId),
        texts(rows, BillRow::outTradeNo),
        maybe(rows, BillRow::refundId),
        maybe(rows, BillRow::outRefundNo),
        maybe(rows, BillRow::subMerchant),
        maybe(rows, BillRow::appId),
        texts(rows, BillRow::currency),
        rows.stream().mapToLong(BillRow::amount).toArray(),
        rows.stream().mapToLong(BillRow::settlement).toArray(),
        rows.stream().mapToLong(BillRow::fee).toArray(),
        rows.stream().map(BillRow::at).toArray(Instant[]::new),
        texts(rows, BillRow::status));
  }

  /// Only the lines of one run are left.
  void keepOnly(Transaction tx, long reconciliation, int run) {
    tx.update(FORGET, reconciliation, run);
  }

  /// Finds what of ours each line is, by the channel's number, else by ours.
  void match(Transaction tx, long reconciliation, PayPlatform platform) {
    tx.update(MATCH_REFUNDS, reconciliation, platform.number());
    tx.update(MATCH_TRANSACTIONS, reconciliation, platform.number());
    tx.update(MATCH_NUMBERS, reconciliation, platform.number());
  }

  void forEachPair(Transaction tx, long reconciliation, Consumer<Pair> consumer) {
    tx.forEach(PAIRS, BillRowStore::pair, consumer, reconciliation);
  }

  /// Something of ours that was to be in a bill.
  ///
  /// @param refund of a payment: empty
  record Ours(
      long payment,
      Optional<Long> refund,
      String transactionId,
      String outTradeNo,
      String outRefundNo,
      long amount) {}

  /// Payments of a day that are in no bill.
  ///
  /// @param createdFrom none of them is older
  List<Ours> absentPayments(
      Transaction tx,
      Collection<Long> merchants,
      PayPlatform platform,
      Instant createdFrom,
      Instant from,
      Instant until,
      int most) {
    return tx.query(
        PAID_AND_ABSENT,
        row ->
            new Ours(
                row.longAt("payment_id"),
                Optional.empty(),
                row.text("transaction_id"),
                row.text("out_trade_no"),
                "",
                row.longAt("total")),
        merchants,
        platform.number(),
        createdFrom,
        until,
        from,
        until,
        most);
  }

  /// Refunds of a day that are in no bill.
  List<Ours> absentRefunds(
      Transaction tx,
      Collection<Long> merchants,
      PayPlatform platform,
      Instant createdFrom,
      Instant from,
      Instant until,
      int most) {
    return tx.query(
        REFUNDED_AND_ABSENT,
        BillRowStore::refund,
        merchants,
        platform.number(),
        createdFrom,
        until,
        from,
        until,
        most);
  }

  /// Refunds that were sent before an instant and have not ended.
  List<Ours> overdue(
      Transaction tx,
      Collection<Long> merchants,
      PayPlatform platform,
      Instant createdFrom,
      Instant sentBefore,
      int most) {
    return tx.query(
        OVERDUE, BillRowStore::refund, merchants, platform.number(), createdFrom, sentBefore, most);
  }

  /// Whether there is an order of this number at all.
  boolean hasOrder(Transaction tx, String outTradeNo) {
    return count(tx, HAS_ORDER, outTradeNo) > 0;
  }

  boolean hasPayment(Transaction tx, long payment, String transactionId) {
    return count(tx, HAS_PAYMENT, payment, transactionId) > 0;
  }

  boolean hasRefund(Transaction tx, long refund) {
    return count(tx, HAS_REFUND, refund) > 0;
  }

  /// Whether an order is paid by this transaction now.
  boolean isPaidBy(Transaction tx, long payment, String transactionId) {
    return tx.queryOne(
            ORDER,
            row ->
                OrderStates.parse(row.text("state")).isPaid()
                    && transactionId.equals(row.textOrNull("transaction_id")),
            payment)
        .orElse(false);
  }

  RefundState refundState(Transaction tx, long refund) {
    return tx.queryOne(REFUND, row -> OrderStates.parseRefund(row.text("state")), refund)
        .orElseThrow();
  }

  /// Whether we have this refund of an order now.
  boolean isKnownRefund(Transaction tx, long payment, String outRefundNo) {
    return count(tx, REFUND_BY_NUMBER, payment, outRefundNo) > 0;
  }

  /// What a bill calls a refund.
  Optional<String> status(Transaction tx, long reconciliation, long refund) {
    return tx.queryOne(STATUS, row -> row.text("status"), reconciliation, refund);
  }

  /// What a bill comes to for each sub-merchant.
  List<SubMerchantTotals> totals(Transaction tx, long reconciliation) {
    return tx.query(
        TOTALS,
        row ->
            new SubMerchantTotals(
                Optional.ofNullable(row.longOrNull("merchant")),
                row.text("sub_merchant"),
                row.longAt("payments"),
                row.longAt("paid"),
                row.longAt("paid_settlement"),
                row.longAt("refunds"),
                row.longAt("refunded"),
                row.longAt("refunded_settlement"),
                row.longAt("fee"),
                row.longAt("booked_paid"),
                row.longAt("booked_refunded")),
        reconciliation);
  }

  private static long count(Transaction tx, String sql, Object... args) {
    return tx.query(sql, row -> row.longAt("n"), args).getFirst();
  }

  private static Ours refund(Row row) {
    return new Ours(
        row.longAt("payment_id"),
        Optional.of(row.longAt("refund_id")),
        row.text("transaction_id"),
        row.text("out_trade_no"),
        row.text("out_refund_no"),
        row.longAt("amount"));
  }

  private static Pair pair(Row row) {
    var line =
        new BillRow(
            BillRow.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
            row.text("transaction_id"),
            row.text("out_trade_no"),
            Optional.ofNullable(row.textOrNull("channel_refund_id")),
            Optional.ofNullable(row.textOrNull("out_refund_no")),
            Optional.ofNullable(row.textOrNull("sub_merchant")),
            Optional.ofNullable(row.textOrNull("app_id")),
            row.text("currency"),
            row.longAt("amount"),
            row.longAt("settlement"),
            row.longAt("fee"),
            row.instant("happened_at"),
            row.text("status"));
    Optional<Pair.Order> order =
        Optional.ofNullable(row.longOrNull("payment_id"))
            .map(id ->
                new Pair.Order(
                    id,
                    OrderStates.parse(row.text("our_state")),
                    Optional.ofNullable(row.textOrNull("our_transaction")).orElse(""),
                    row.longAt("total"),
                    row.longAt("our_settlement"),
                    row.text("our_currency"),
                    row.longAt("merchant"),
                    Optional.ofNullable(row.textOrNull("our_app_id")).orElse(""),
                    row.intAt("fee_ppm")));
    Optional<Pair.Back> back =
        Optional.ofNullable(row.longOrNull("refund_id"))
            .map(id ->
                new Pair.Back(
                    id,
                    OrderStates.parseRefund(row.text("back_state")),
                    row.longAt("back_amount"),
                    row.longAt("back_settlement"),
                    row.longAt("fee_back")));
    return new Pair(line, row.longAt("line"), row.longAt("nth"), order, back);
  }

  private static String kind(BillRow.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String[] texts(List<BillRow> rows, Function<BillRow, String> of) {
    return rows.stream().map(of).toArray(String[]::new);
  }

  private static String[] maybe(List<BillRow> rows, Function<BillRow, Optional<String>> of) {
    return rows.stream().map(row -> of.apply(row).orElse(null)).toArray(String[]::new);
  }

  /// States as the tables of payments spell them.
  private static final class OrderStates {
    static OrderState parse(String code) {
      return OrderState.valueOf(code.toUpperCase(Locale.ROOT));
    }

    static RefundState parseRefund(String code) {
      return RefundState.valueOf(code.toUpperCase(Locale.ROOT));
    }
  }
}
