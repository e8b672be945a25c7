package io.yunfu.gateway.reconcile;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.payment.FollowBill;
import io.yunfu.gateway.payment.FollowBill.Said;
import io.yunfu.gateway.payment.PaymentCase;
import io.yunfu.gateway.payment.RefundState;
import io.yunfu.gateway.reconcile.Difference.Kind;
import io.yunfu.gateway.reconcile.Reconciliation.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One day of one account: fetches its bill, holds it against the books, asks about what is not
/// equal, and shows a person what is left. It may end anywhere and be run any number of times: what
/// was found stays found, and what is gone is settled.
///
/// Fetching and asking are outside of any transaction. Who has taken a day has it as long as it
/// says so in time; the number of the run tells whether somebody else has taken it since.
final class ReconcileDay {
  /// Longer than a bill may take to come, and than what is done until it is said again that it goes
  /// on.
  static final Duration LEASE = Duration.ofMinutes(20);

  private static final int ROWS_AT_ONCE = 500;

  /// What one run writes down and asks about. A day that has more is not a matter of single orders;
  /// the rest is found by the next run.
  private static final int MOST_DIFFERENCES = 5_000;

  /// Orders live for thirty days at most; see `gateway.longest-expiry`.
  private static final Duration OLDEST = Duration.ofDays(31);

  /// Source: `channels.md` section 8.3, class R.
  private static final Duration REFUND_ENDS_WITHIN = Duration.ofDays(3);

  /// Differences of days before are looked at for as long as WeChat Pay looks back (R).
  private static final int DAYS_BACK = 35;

  private static final Logger LOG = LoggerFactory.getLogger(ReconcileDay.class);

  private final Cells cells;
  private final Merchants merchants;
  private final Map<PayPlatform, Connector> connectors;
  private final FollowBill follow;
  private final ReconcileSettings settings;
  private final InstantSource clock;
  private final ReconcileStore store = new ReconcileStore();
  private final BillRowStore rows = new BillRowStore();
  private final DifferenceStore differences = new DifferenceStore();

  ReconcileDay(
      Cells cells,
      Merchants merchants,
      Map<PayPlatform, Connector> connectors,
      FollowBill follow,
      ReconcileSettings settings,
      InstantSource clock) {
    this.cells = cells;
    this.merchants = merchants;
    this.connectors = Map.copyOf(connectors);
    this.follow = follow;
    this.settings = settings;
    this.clock = clock;
  }

  /// A day that this run has to itself.
  private record Taken(Cell cell, Reconciliation one, BillAccount account) {
    long id() {
      return one.id();
    }

    int run() {
      return one.run();
    }
  }

  /// Somebody else has taken the day: this run ends.
  private static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// @param one was taken just now
  void run(Cell cell, Reconciliation one) {
    var account =
        BillAccount.of(merchants, cell.id(), one.platform()).stream()
            .filter(known -> known.name().equals(one.account()))
            .findFirst();
    Connector connector = connectors.get(one.platform());
    if (account.isEmpty() || connector == null) {
      end(cell, one, State.MISSING, "The account is not set up here any more", Optional.empty());
      return;
    }
    var taken = new Taken(cell, one, account.get());
    try {
      fetch(taken, connector);
    } catch (Lost e) {
      LOG.info("{}: the bill of {} is worked on elsewhere", one.account(), one.day());
    }
  }

  private void fetch(Taken taken, Connector connector) {
    var lines = new Lines(taken);
    var answer = connector.bill(taken.account.credentials(), taken.one.day(), lines::take);
    switch (answer) {
      case Answer.Done<Bill>(Bill.Statement statement, var _) -> {
        lines.flush();
        came(taken, statement);
      }
      case Answer.Done<Bill>(Bill.Unusable(String why), var _) -> unusable(taken, why);
      case Answer.Done<Bill>(Bill.None(String why), var _) -> none(taken, why);
      case Answer.Refused<Bill> refused ->
          unusable(taken, "%s %s".formatted(refused.code(), refused.message()));
      case Answer.Unknown<Bill>(String code, String message, var _) ->
          silent(taken, "%s %s".formatted(code, message));
      case Answer.NotSent<Bill>(String message, var _) -> silent(taken, message);
    }
  }

  /// Takes the lines of a bill and writes them in batches. They count only once the bill does.
  private final class Lines {
    private final Taken taken;
    private final List<BillRow> waiting = new ArrayList<>();
    private long line;

    Lines(Taken taken) {
      this.taken = taken;
    }

    void take(BillRow row) {
      waiting.add(row);
      if (waiting.size() == ROWS_AT_ONCE) {
        flush();
      }
    }

    void flush() {
      if (waiting.isEmpty()) {
        return;
      }
      long first = line + 1;
      taken
          .cell
          .database()
          .execute(tx -> {
            renew(tx, taken);
            rows.insert(tx, taken.id(), taken.run(), first, waiting);
          });
      line += waiting.size();
      waiting.clear();
    }
  }

  private void renew(Transaction tx, Taken taken) {
    if (!store.renew(tx, taken.id(), taken.run(), now().plus(LEASE))) {
      throw new Lost();
    }
  }

  // --- what came -------------------------------------------------------------------------------

  private void came(Taken taken, Bill.Statement statement) {
    boolean accepted = taken.cell.database().inTransaction(tx -> accept(tx, taken, statement));
    if (!accepted) {
      return;
    }
    var found = find(taken);
    taken.cell.database().execute(tx -> write(tx, taken, found));
    boolean asked = act(taken);
    lookBack(taken);
    Instant again = asked ? null : retry().orElse(null);
    taken
        .cell
        .database()
        .execute(tx -> store.end(tx, taken.id(), taken.run(), State.READ, "", again));
  }

  /// @return false when another bill of the day was believed before
  private boolean accept(Transaction tx, Taken taken, Bill.Statement statement) {
    if (!store.lock(tx, taken.id(), taken.run())) {
      throw new Lost();
    }
    var before = taken.one.sha256();
    if (before.isPresent() && !before.get().equals(statement.sha256())) {
      rows.keepOnly(tx, taken.id(), store.readRun(tx, taken.id()));
      String why =
          "It came again, and is another one: %s, before %s"
              .formatted(statement.sha256(), before.get());
      open(tx, taken, "changed/" + statement.sha256(), why);
      store.end(tx, taken.id(), taken.run(), State.CHANGED, why, null);
      return false;
    }
    rows.keepOnly(tx, taken.id(), taken.run());
    store.accept(tx, taken.id(), taken.run(), statement, now());
    rows.match(tx, taken.id(), taken.one.platform());
    closeOwn(tx, taken);
    return true;
  }

  /// It came, and is no bill that could be held against anything: a person is told, and it is asked
  /// for again.
  private void unusable(Taken taken, String why) {
    LOG.warn("{}: the bill of {} cannot be used: {}", taken.account.name(), taken.one.day(), why);
    taken
        .cell
        .database()
        .execute(tx -> {
          open(tx, taken, "unusable", why);
          ended(tx, taken, State.UNUSABLE, why, retry());
        });
  }

  private void none(Taken taken, String why) {
    var again = retry();
    boolean nothing =
        again.isEmpty() && taken.cell.database().inTransaction(tx -> nothingOfOurs(tx, taken));
    taken
        .cell
        .database()
        .execute(tx -> {
          if (nothing) {
            ended(tx, taken, State.EMPTY, "", again);
            closeOwn(tx, taken);
          } else {
            late(tx, taken, why, again);
          }
        });
  }

  private void silent(Taken taken, String why) {
    var again = retry();
    taken.cell.database().execute(tx -> late(tx, taken, why, again));
  }

  private void late(Transaction tx, Taken taken, String why, Optional<Instant> again) {
    if (again.isEmpty()) {
      open(tx, taken, "missing", "It has not come: " + why);
    }
    ended(tx, taken, again.isEmpty() ? State.MISSING : State.DUE, why, again);
  }

  /// A bill that was believed stays so, whatever a later run has met.
  private void ended(
      Transaction tx, Taken taken, State state, String why, Optional<Instant> again) {
    boolean read = taken.one.sha256().isPresent();
    rows.keepOnly(tx, taken.id(), store.readRun(tx, taken.id()));
    store.end(
        tx,
        taken.id(),
        taken.run(),
        read && state != State.CHANGED ? State.READ : state,
        why,
        again.orElse(null));
  }

  private void end(
      Cell cell, Reconciliation one, State state, String why, Optional<Instant> again) {
    cell.database()
        .execute(tx -> store.end(tx, one.id(), one.run(), state, why, again.orElse(null)));
  }

  /// When it is asked for again today; empty: not today any more.
  private Optional<Instant> retry() {
    Instant now = now();
    Instant next = now.plus(settings.retryEvery());
    Instant until = Beijing.at(Beijing.dayOf(now), settings.until());
    return next.isAfter(until) ? Optional.empty() : Optional.of(next);
  }

  private boolean nothingOfOurs(Transaction tx, Taken taken) {
    return absentPayments(tx, taken, 1).isEmpty() && absentRefunds(tx, taken, 1).isEmpty();
  }

  // --- what is not equal -----------------------------------------------------------------------

  private List<Verdict> find(Taken taken) {
    var found = new ArrayList<Verdict>();
    taken
        .cell
        .database()
        .execute(tx ->
            rows.forEachPair(
                tx,
                taken.id(),
                pair -> {
                  if (found.size() < MOST_DIFFERENCES) {
                    found.addAll(Verdict.of(pair, taken.account.members()));
                  }
                }));
    taken
        .cell
        .database()
        .execute(tx -> {
          absentPayments(tx, taken, MOST_DIFFERENCES)
              .forEach(ours -> found.add(absent(Kind.C1, ours, "paid here, and in no bill")));
          absentRefunds(tx, taken, MOST_DIFFERENCES)
              .forEach(ours -> found.add(absent(Kind.C2, ours, "refunded here, and in no bill")));
          Instant end = Beijing.startOf(taken.one.day().plusDays(1));
          rows.overdue(
                  tx,
                  taken.account.members().keySet(),
                  taken.one.platform(),
                  end.minus(Duration.ofDays(DAYS_BACK)),
                  end.minus(REFUND_ENDS_WITHIN),
                  MOST_DIFFERENCES)
              .forEach(
                  ours -> found.add(absent(Kind.R, ours, "under way for more than three days")));
        });
    found.removeIf(one -> one.kind() == Kind.B2 && isOfAnotherCell(taken, one.outTradeNo()));
    if (found.size() >= MOST_DIFFERENCES) {
      LOG.error(
          "{}: the bill of {} has more differences than one run takes",
          taken.account.name(),
          taken.one.day());
    }
    return found;
  }

  /// Providers of several cells may share one account, and each of these cells has its bill.
  private boolean isOfAnotherCell(Taken taken, String outTradeNo) {
    return cells.all().stream()
        .filter(cell -> !cell.id().equals(taken.cell.id()))
        .anyMatch(cell -> cell.database().read(tx -> rows.hasOrder(tx, outTradeNo)));
  }

  private List<BillRowStore.Ours> absentPayments(Transaction tx, Taken taken, int most) {
    Instant from = Beijing.startOf(taken.one.day());
    return rows.absentPayments(
        tx,
        taken.account.members().keySet(),
        taken.one.platform(),
        from.minus(OLDEST),
        from,
        Beijing.startOf(taken.one.day().plusDays(1)),
        most);
  }

  private List<BillRowStore.Ours> absentRefunds(Transaction tx, Taken taken, int most) {
    Instant from = Beijing.startOf(taken.one.day());
    return rows.absentRefunds(
        tx,
        taken.account.members().keySet(),
        taken.one.platform(),
        from.minus(OLDEST),
        from,
        Beijing.startOf(taken.one.day().plusDays(1)),
        most);
  }

  private static Verdict absent(Kind kind, BillRowStore.Ours ours, String detail) {
    return new Verdict(
        kind,
        ours.refund().isPresent() ? ours.outRefundNo() : ours.transactionId(),
        Optional.of(ours.payment()),
        ours.refund(),
        ours.transactionId(),
        ours.outTradeNo(),
        ours.outRefundNo(),
        detail);
  }

  private void write(Transaction tx, Taken taken, List<Verdict> found) {
    renew(tx, taken);
    Instant now = now();
    for (Verdict verdict : found) {
      differences.put(
          tx,
          taken.cell.ids().next(),
          taken.id(),
          verdict,
          verdict.kind() == Kind.G ? Difference.State.NOTED : Difference.State.OPEN,
          taken.run(),
          now);
    }
    differences
        .gone(tx, taken.id(), taken.run())
        .forEach(gone -> settle(tx, gone, "Found again no more", now));
  }

  // --- what follows ----------------------------------------------------------------------------

  /// Asks about what is open, and shows a person what stays so.
  ///
  /// @return false when the channel did not answer to all
  private boolean act(Taken taken) {
    boolean answered = true;
    for (Difference one : taken.cell.database().read(tx -> differences.open(tx, taken.id()))) {
      taken.cell.database().execute(tx -> renew(tx, taken));
      answered &= follow(taken, one, isRead(taken, 1)) != Said.SILENT;
    }
    return answered;
  }

  /// @param nextIsRead whether the bill of the day after it was read
  private Said follow(Taken taken, Difference one, boolean nextIsRead) {
    Said said =
        switch (one.kind()) {
          case B1, E1 ->
              one.payment().isPresent() && !isRepeated(taken, one)
                  ? follow.ask(taken.cell, one.payment().get(), one.transactionId())
                  : Said.DENIES;
          case C1 -> follow.ask(taken.cell, one.payment().orElseThrow(), one.transactionId());
          case C2, R -> follow.askRefund(taken.cell, one.refund().orElseThrow());
          case D3 ->
              one.refund().isPresent() && !isEnded(taken, one)
                  ? follow.askRefund(taken.cell, one.refund().get())
                  : Said.DENIES;
          case B2, D1, D2, E2, G -> Said.DENIES;
        };
    taken.cell.database().execute(tx -> conclude(tx, taken, one, said, nextIsRead));
    return said;
  }

  /// The same line twice, not another payment.
  private boolean isRepeated(Taken taken, Difference one) {
    return one.kind() == Kind.E1
        && taken
            .cell
            .database()
            .read(tx -> rows.isPaidBy(tx, one.payment().orElseThrow(), one.transactionId()));
  }

  private boolean isEnded(Taken taken, Difference one) {
    return taken
        .cell
        .database()
        .read(tx -> rows.refundState(tx, one.refund().orElseThrow()).isFinal());
  }

  private void conclude(
      Transaction tx, Taken taken, Difference one, Said said, boolean nextIsRead) {
    Instant now = now();
    if (isSettled(tx, one)) {
      settle(tx, one, "The channel has said so", now);
      return;
    }
    switch (one.kind()) {
      case B1 ->
          show(
              tx,
              taken,
              one,
              one.outRefundNo().isEmpty()
                  ? PaymentCase.Kind.BILL_UNCONFIRMED
                  : PaymentCase.Kind.CHANNEL_REFUND,
              now);
      case B2 -> show(tx, taken, one, PaymentCase.Kind.BILL_UNKNOWN, now);
      case C1, C2 -> {
        // What the channel knows may stand in the bill of the day after.
        if (said == Said.DENIES || nextIsRead) {
          show(tx, taken, one, PaymentCase.Kind.BILL_ABSENT, now);
        } else {
          differences.move(tx, one.id(), Difference.State.WAITS, Optional.empty(), now);
        }
      }
      case D1, D2, D3 -> show(tx, taken, one, PaymentCase.Kind.BILL_DIFFERS, now);
      case E1 -> {
        var known = one.payment().flatMap(id -> follow.doublePayment(tx, id, one.transactionId()));
        if (known.isPresent()) {
          differences.move(tx, one.id(), Difference.State.OPEN, known, now);
        } else {
          show(tx, taken, one, PaymentCase.Kind.BILL_DUPLICATE, now);
        }
      }
      case E2 -> show(tx, taken, one, PaymentCase.Kind.BILL_DUPLICATE, now);
      case R, G -> {} // asked about every day; and only shown
    }
  }

  /// Whether what was not equal is so now.
  private boolean isSettled(Transaction tx, Difference one) {
    return switch (one.kind()) {
      case B1 ->
          one.outRefundNo().isEmpty()
              ? rows.isPaidBy(tx, one.payment().orElseThrow(), one.transactionId())
              : rows.isKnownRefund(tx, one.payment().orElseThrow(), one.outRefundNo());
      case C1 -> rows.hasPayment(tx, one.payment().orElseThrow(), one.transactionId());
      case C2 ->
          rows.hasRefund(tx, one.refund().orElseThrow())
              || rows.refundState(tx, one.refund().orElseThrow()) == RefundState.FAILED;
      case D3 ->
          one.refund().isPresent()
              && rows.status(tx, one.reconciliation(), one.refund().get())
                  .filter(status -> Verdict.agree(status, rows.refundState(tx, one.refund().get())))
                  .isPresent();
      case R -> rows.refundState(tx, one.refund().orElseThrow()).isFinal();
      case B2, D1, D2, E1, E2, G -> false;
    };
  }

  /// What of earlier days is neither settled nor decided, or has waited for this day's bill.
  private void lookBack(Taken taken) {
    LocalDate day = taken.one.day();
    var open =
        taken
            .cell
            .database()
            .read(tx ->
                differences.openBefore(
                    tx,
                    taken.one.platform(),
                    taken.one.account(),
                    day,
                    day.minusDays(DAYS_BACK),
                    MOST_DIFFERENCES));
    for (Difference one : open) {
      taken.cell.database().execute(tx -> renew(tx, taken));
      follow(taken, one, true);
    }
  }

  private boolean isRead(Taken taken, int daysLater) {
    return taken
        .cell
        .database()
        .read(tx ->
            store.ofDay(
                tx, taken.one.platform(), taken.one.account(), taken.one.day().plusDays(daysLater)))
        .filter(one -> one.sha256().isPresent())
        .isPresent();
  }

  private void settle(Transaction tx, Difference one, String why, Instant now) {
    differences.move(tx, one.id(), Difference.State.SETTLED, Optional.empty(), now);
    one.caseId().ifPresent(id -> follow.close(tx, id, why, now));
  }

  private void show(
      Transaction tx, Taken taken, Difference one, PaymentCase.Kind kind, Instant now) {
    String detail =
        "Bill of %s at %s, class %s: %s"
            .formatted(taken.one.day(), taken.account.name(), one.kind(), one.detail());
    long id =
        follow.open(
            tx,
            taken.cell,
            new FollowBill.Found(
                kind,
                one.reconciliation(),
                one.payment(),
                one.refund(),
                "bill/" + one.id(),
                detail),
            now);
    differences.move(tx, one.id(), Difference.State.OPEN, Optional.of(id), now);
  }

  /// A case about the bill itself.
  private void open(Transaction tx, Taken taken, String cause, String detail) {
    follow.open(
        tx,
        taken.cell,
        new FollowBill.Found(
            PaymentCase.Kind.BILL_UNUSABLE,
            taken.id(),
            Optional.empty(),
            Optional.empty(),
            cause,
            "Bill of %s at %s: %s".formatted(taken.one.day(), taken.account.name(), detail)),
        now());
  }

  /// The bill is there now: what was said of its absence is over.
  private void closeOwn(Transaction tx, Taken taken) {
    follow.closeOfBill(tx, taken.id(), "The bill has come", now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
