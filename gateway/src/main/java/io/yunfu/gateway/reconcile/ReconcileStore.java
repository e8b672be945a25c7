package io.yunfu.gateway.reconcile;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.payment.Position;
import io.yunfu.gateway.reconcile.Reconciliation.State;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Days of accounts at rest: table `reconciliation`.
final class ReconcileStore {
  private static final String COLUMNS =
      """
      select c.reconciliation_id, c.platform, c.account, c.day, c.state, c.detail, c.run, c.sha256, c.row_count, c.amount,
             c.settlement, c.fee, c.created_at, c.asked_at, c.read_at, c.due_at,
             (select count(*)
                from bill_difference d
                left join payment_case k using (case_id)
               where d.reconciliation_id = c.reconciliation_id and d.state in ('open', 'waits') and k.closed_at is null) as open
        from reconciliation c
      """;
  private static final String BY_ID = COLUMNS + " where c.reconciliation_id = ?";
  private static final String OF_DAY =
      COLUMNS + " where c.platform = ? and c.account = ? and c.day = ?";
  private static final String LIST =
      """
      select *
        from (%s where (c.created_at, c.reconciliation_id) < (?, ?) and (? = 0 or c.platform = ?)
                  and (? = '' or c.account = ?) and (?::date is null or c.day = ?::date) and (? = '' or c.state = ?)) one
       where not ? or one.open > 0 or one.state not in ('read', 'empty')
       order by one.created_at desc, one.reconciliation_id desc
       limit ?
      """
          .formatted(COLUMNS);
  private static final String LAST_DAY =
      "select max(day) as day from reconciliation where platform = ? and account = ?";
  private static final String INSERT =
      """
      insert into reconciliation (reconciliation_id, platform, account, day, state, created_at, due_at)
      values (?, ?, ?, ?, 'due', ?, ?)
      on conflict (platform, account, day) do nothing
      """;
  private static final String CLAIM =
      """
      update reconciliation
         set run = run + 1, due_at = ?, asked_at = ?
       where reconciliation_id in (select reconciliation_id from reconciliation where due_at <= ? order by due_at limit ?
                                      for update skip locked)
      returning reconciliation_id
      """;
  private static final String RENEW =
      "update reconciliation set due_at = ? where reconciliation_id = ? and run = ?";
  private static final String LOCK =
      "select run from reconciliation where reconciliation_id = ? for update";
  private static final String READ_RUN =
      "select read_run from reconciliation where reconciliation_id = ?";
  private static final String ACCEPT =
      """
      update reconciliation
         set sha256 = ?, row_count = ?, amount = ?, settlement = ?, fee = ?, read_run = ?, read_at = ?, detail = ''
       where reconciliation_id = ?
      """;
  private static final String END =
      """
      update reconciliation set state = ?, detail = ?, due_at = ?
       where reconciliation_id = ? and run = ?
      """;
  private static final String AGAIN =
      """
      update reconciliation
         set due_at = ?, state = case when ? or sha256 is null then 'due' else state end,
             sha256 = case when ? then null else sha256 end, row_count = case when ? then null else row_count end,
             read_run = case when ? then null else read_run end, read_at = case when ? then null else read_at end
       where reconciliation_id = ?
      """;
  private static final String COUNT =
      """
      select count(*) filter (where due_at is not null and state in ('due', 'unusable') and created_at <= ?) as late,
             count(*) filter (where state in ('unusable', 'missing', 'changed')) as failed
        from reconciliation
       where due_at is not null or state in ('unusable', 'missing', 'changed')
      """;
  private static final String COUNT_OPEN =
      """
      select count(*) as n
        from bill_difference d
        left join payment_case k using (case_id)
       where d.state in ('open', 'waits') and k.closed_at is null
      """;

  Optional<Reconciliation> byId(Transaction tx, long id) {
    return tx.queryOne(BY_ID, ReconcileStore::read, id);
  }

  Optional<Reconciliation> ofDay(
      Transaction tx, PayPlatform platform, String account, LocalDate day) {
    return tx.queryOne(OF_DAY, ReconcileStore::read, platform.number(), account, day);
  }

  /// The newest first.
  List<Reconciliation> list(
      Transaction tx, Reconciliation.Filter filter, Position after, int limit) {
    int platform = filter.platform().map(PayPlatform::number).orElse(0);
    String account = filter.account().orElse("");
    LocalDate day = filter.day().orElse(null);
    String state = filter.state().map(State::code).orElse("");
    return tx.query(
        LIST,
        ReconcileStore::read,
        after.at(),
        after.id(),
        platform,
        platform,
        account,
        account,
        day,
        day,
        state,
        state,
        filter.openOnly(),
        limit);
  }

  /// The last day that is there of an account.
  Optional<LocalDate> lastDay(Transaction tx, PayPlatform platform, String account) {
    return tx.query(
            LAST_DAY, row -> Optional.ofNullable(row.dateOrNull("day")), platform.number(), account)
        .getFirst();
  }

  /// Has a day fetched, unless it is there.
  void insert(
      Transaction tx, long id, PayPlatform platform, String account, LocalDate day, Instant now) {
    tx.update(INSERT, id, platform.number(), account, day, now, now);
  }

  /// Takes what is due; until `leasedUntil` nobody else does.
  List<Long> claim(Transaction tx, Instant now, Instant leasedUntil, int most) {
    return tx.query(CLAIM, row -> row.longAt("reconciliation_id"), leasedUntil, now, now, most);
  }

  /// Keeps it for longer.
  ///
  /// @return false when somebody else has taken it meanwhile
  boolean renew(Transaction tx, long id, int run, Instant leasedUntil) {
    return tx.update(RENEW, leasedUntil, id, run) == 1;
  }

  /// Locks it.
  ///
  /// @return false when somebody else has taken it meanwhile
  boolean lock(Transaction tx, long id, int run) {
    return tx.queryOne(LOCK, row -> row.intAt("run"), id).filter(last -> last == run).isPresent();
  }

  /// The run whose bill is believed; 0 when none is.
  int readRun(Transaction tx, long id) {
    return tx.query(READ_RUN, row -> Optional.ofNullable(row.intOrNull("read_run")), id)
        .getFirst()
        .orElse(0);
  }

  void accept(Transaction tx, long id, int run, Bill.Statement bill, Instant now) {
    var sums = bill.sums();
    tx.update(
        ACCEPT,
        bill.sha256(),
        sums.rows(),
        sums.amount(),
        sums.settlement(),
        sums.fee(),
        run,
        now,
        id);
  }

  void end(Transaction tx, long id, int run, State state, String detail, @Nullable Instant dueAt) {
    tx.update(END, state.code(), detail, dueAt, id, run);
  }

  /// Has it fetched again.
  ///
  /// @param forget whether another bill than the one before may be believed
  void again(Transaction tx, long id, boolean forget, Instant now) {
    tx.update(AGAIN, now, forget, forget, forget, forget, forget, id);
  }

  OpenReconciliations count(Transaction tx, Instant createdBefore) {
    long open = tx.query(COUNT_OPEN, row -> row.longAt("n")).getFirst();
    return tx.query(
            COUNT,
            row -> new OpenReconciliations(row.longAt("late"), row.longAt("failed"), open),
            createdBefore)
        .getFirst();
  }

  private static Reconciliation read(Row row) {
    String sha256 = row.textOrNull("sha256");
    return new Reconciliation(
        row.longAt("reconciliation_id"),
        PayPlatform.of(row.intAt("platform")).orElseThrow(),
        row.text("account"),
        row.date("day"),
        State.parse(row.text("state")),
        row.text("detail"),
        row.intAt("run"),
        Optional.ofNullable(sha256),
        sha256 == null
            ? Optional.empty()
            : Optional.of(
                new Bill.Sums(
                    row.longAt("row_count"),
                    row.longAt("amount"),
                    row.longAt("settlement"),
                    row.longAt("fee"))),
        row.longAt("open"),
        row.instant("created_at"),
        Optional.ofNullable(row.instantOrNull("asked_at")),
        Optional.ofNullable(row.instantOrNull("read_at")),
        Optional.ofNullable(row.instantOrNull("due_at")));
  }
}
