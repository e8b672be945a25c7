package io.yunfu.billing.voucher;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.Directory;
import io.yunfu.billing.account.Directory.ForeignId;
import io.yunfu.billing.deal.Ids;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.ConstraintViolated;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Once;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import io.yunfu.operator.Repeatable;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Gives vouchers to an account: one, or many that are the same.
public final class IssueVouchers {
  public static final int MOST_AT_ONCE = 1000;

  /// Validities are days in UTC+8, in both editions.
  static final ZoneOffset ZONE = ZoneOffset.ofHours(8);

  /// An id made here meets an imported one that looks the same at most by chance.
  private static final int TRIES = 5;

  private final Directory directory;
  private final Accounts accounts;
  private final Cells cells;
  private final Vouchers vouchers;
  private final InstantSource clock;
  private final Once once;
  private final VoucherStore store = new VoucherStore();
  private final AuditLog audit = new AuditLog();

  public IssueVouchers(Cells cells, InstantSource clock) {
    this.cells = cells;
    this.directory = new Directory(cells);
    this.accounts = new Accounts(cells);
    this.vouchers = new Vouchers(cells);
    this.clock = clock;
    this.once = new Once(clock);
  }

  /// What is issued.
  ///
  /// @param id of a single voucher that is imported; made here otherwise
  /// @param key lets the command be repeated
  public record Command(
      Uin owner, NewVoucher voucher, int count, Optional<VoucherId> id, Optional<String> key) {
    public Command {
      require(count >= 1 && count <= MOST_AT_ONCE, "%d vouchers at once", count);
      require(id.isEmpty() || count == 1, "one id for %d vouchers", count);
    }

    /// One, made here.
    public static Command of(Uin owner, NewVoucher voucher) {
      return new Command(owner, voucher, 1, Optional.empty(), Optional.empty());
    }
  }

  /// The ids of what was issued.
  public record Issued(List<String> voucherIds) {
    public Issued {
      voucherIds = List.copyOf(voucherIds);
    }
  }

  public Outcome<Issued, VoucherRefused> issue(Operator operator, Command command) {
    var account = accounts.find(command.owner());
    if (account.isEmpty()) {
      return Outcome.refused(new VoucherRefused.NoSuchAccount(command.owner()));
    }
    Cell cell = cells.get(account.get().cell());
    Currency currency = account.get().owner().edition().currency();
    var refusal =
        refusal(command, currency).or(() -> command.id().flatMap(id -> takenRefusal(id, cell)));
    List<VoucherId> ids = command.id().map(List::of).orElseGet(() -> fresh(cell, command.count()));
    try {
      return once.run(
          cell.database(),
          new Repeatable("voucher.issue/" + command.owner(), command.key(), command),
          Issued.class,
          new VoucherRefused.KeyReused(),
          // What was refused may be the echo of a command that was done: then it gets its answer.
          tx ->
              refusal.isPresent()
                  ? Outcome.refused(refusal.get())
                  : issue(tx, cell, operator, command, ids));
    } catch (ConstraintViolated e) {
      if (e.isDuplicate() && command.id().isPresent()) {
        return Outcome.refused(new VoucherRefused.VoucherExists(command.id().get()));
      }
      throw e;
    }
  }

  private Outcome<Issued, VoucherRefused> issue(
      Transaction tx, Cell cell, Operator operator, Command command, List<VoucherId> ids) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    NewVoucher voucher = command.voucher();
    store.insert(tx, ids, command.owner(), voucher, now);
    var issued = new Issued(ids.stream().map(VoucherId::value).toList());
    audit.write(
        tx,
        cell.ids(),
        now,
        operator,
        "voucher.issue",
        Accounts.subject(command.owner()),
        Detail.of("vouchers", issued.voucherIds())
            .and("nominalMicro", voucher.nominalMicro())
            .and("currency", voucher.currency())
            .and("begins", voucher.begins())
            .and("ends", voucher.ends())
            .and("applicableProducts", voucher.applicableProducts())
            .and("excludedProducts", voucher.excludedProducts())
            .and("payMode", voucher.payMode())
            .and("payScenes", voucher.payScenes())
            .and("minimumSpend", voucher.minimumSpend()));
    return Outcome.done(issued);
  }

  private Optional<VoucherRefused> refusal(Command command, Currency currency) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZONE);
    if (command.voucher().currency() != currency) {
      return Optional.of(new VoucherRefused.OtherCurrency(currency, command.voucher().currency()));
    }
    return command.voucher().ends().isBefore(today)
        ? Optional.of(new VoucherRefused.ValidityIsPast(command.voucher().ends(), today))
        : Optional.empty();
  }

  private Optional<VoucherRefused> takenRefusal(VoucherId id, Cell cell) {
    boolean taken =
        vouchers.find(id).isPresent()
            || directory
                .take(List.of(new ForeignId(Directory.Foreign.VOUCHER, id.value())), cell)
                .isPresent();
    return taken ? Optional.of(new VoucherRefused.VoucherExists(id)) : Optional.empty();
  }

  private List<VoucherId> fresh(Cell cell, int count) {
    Instant now = clock.instant();
    for (int tries = 0; tries < TRIES; tries++) {
      var ids = Stream.generate(() -> Ids.of(cell.ids().next(), now)).limit(count).toList();
      if (!directory.knowsAny(ids)) {
        return ids.stream().map(VoucherId::new).toList();
      }
    }
    throw new IllegalStateException("no free ids in " + TRIES + " tries");
  }
}
