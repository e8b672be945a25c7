package io.yunfu.billing.agentpay;

import io.yunfu.billing.account.Account;
import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.Directory;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Who pays for whom: members have a group payer, clients have a reseller (`billing.md` section
/// 2.9).
///
/// Both owners are locked while a binding of either is decided, so that two bindings that exclude
/// each other cannot be made at the same time.
public final class Bindings {
  private final Cells cells;
  private final Directory directory;
  private final Accounts accounts;
  private final InstantSource clock;
  private final BindingStore store = new BindingStore();
  private final AuditLog audit = new AuditLog();

  public Bindings(Cells cells, InstantSource clock) {
    this.cells = cells;
    this.directory = new Directory(cells);
    this.accounts = new Accounts(cells);
    this.clock = clock;
  }

  /// What kind of binding.
  public enum Kind {
    /// A member pays nothing itself: its group payer does.
    GROUP("group", "member"),
    /// A reseller may pay for its clients, who may also pay themselves.
    RESELLER("reseller", "client");

    private final String code;
    private final String bound;

    Kind(String code, String bound) {
      this.code = code;
      this.bound = bound;
    }

    /// For the audit log.
    public String code() {
      return code;
    }

    /// What the one who is paid for is called.
    public String bound() {
      return bound;
    }
  }

  /// Binds a member to its group payer, or a client to its reseller. The same binding again is no
  /// change.
  public Outcome<Binding, BindingRefused> bind(Operator operator, Kind kind, Uin uin, Uin payer) {
    if (uin.equals(payer)) {
      return Outcome.refused(new BindingRefused.ItsOwn(uin));
    }
    var bound = accounts.find(uin);
    var paying = accounts.find(payer);
    if (bound.isEmpty() || paying.isEmpty()) {
      return Outcome.refused(new BindingRefused.NoSuchAccount(bound.isEmpty() ? uin : payer));
    }
    var why = mismatch(bound.get(), paying.get());
    if (why.isPresent()) {
      return Outcome.refused(why.get());
    }
    Cell cell = cells.get(bound.get().cell());
    return cell.database().inTransaction(tx -> bind(tx, cell, operator, kind, uin, payer));
  }

  /// Ends a binding. Deals that are unpaid then belong to nobody else's purse.
  public Outcome<Binding, BindingRefused> unbind(Operator operator, Kind kind, Uin uin) {
    var cell = directory.cellOf(uin);
    if (cell.isEmpty()) {
      return Outcome.refused(new BindingRefused.NoSuchAccount(uin));
    }
    return cell.get()
        .database()
        .inTransaction(tx -> {
          store.lockOwners(tx, List.of(uin));
          var found = store.of(tx, kind, uin);
          if (found.isEmpty()) {
            return Outcome.refused(new BindingRefused.NotBound(uin));
          }
          store.delete(tx, kind, uin);
          write(tx, cell.get(), operator, kind.code() + ".unbind", kind, found.get());
          return Outcome.done(found.get());
        });
  }

  /// The payer or reseller of an account.
  public Optional<Binding> of(Kind kind, Uin uin) {
    return directory
        .cellOf(uin)
        .flatMap(cell -> cell.database().read(tx -> store.of(tx, kind, uin)));
  }

  /// The members or clients of an account, by ascending uin.
  public List<Binding> boundTo(Kind kind, Uin payer, Optional<Uin> after, int limit) {
    long above = after.map(Uin::value).orElse(0L);
    return directory
        .cellOf(payer)
        .map(cell -> cell.database().read(tx -> store.boundTo(tx, kind, payer, above, limit)))
        .orElse(List.of());
  }

  private Outcome<Binding, BindingRefused> bind(
      Transaction tx, Cell cell, Operator operator, Kind kind, Uin uin, Uin payer) {
    store.lockOwners(tx, List.of(uin, payer));
    var before = store.of(tx, kind, uin);
    if (before.isPresent()) {
      return before.get().payer().equals(payer)
          ? Outcome.done(before.get())
          : Outcome.refused(new BindingRefused.BoundAlready(uin, before.get().payer()));
    }
    var why =
        inTheWay(uin, kind, store.roles(tx, uin), true)
            .or(() -> inTheWay(payer, kind, store.roles(tx, payer), false));
    if (why.isPresent()) {
      return Outcome.refused(why.get());
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var binding = new Binding(uin, payer, now);
    store.insert(tx, kind, binding);
    write(tx, cell, operator, kind.code() + ".bind", kind, binding);
    return Outcome.done(binding);
  }

  private static Optional<BindingRefused> mismatch(Account one, Account other) {
    if (!one.cell().equals(other.cell())) {
      return Optional.of(new BindingRefused.OtherCell(one.owner().uin(), other.owner().uin()));
    }
    return one.owner().edition() == other.owner().edition()
        ? Optional.empty()
        : Optional.of(
            new BindingRefused.OtherEdition(one.owner().edition(), other.owner().edition()));
  }

  /// What an account is already must let it become member or client (bound), payer or reseller.
  /// Pure.
  static Optional<BindingRefused> inTheWay(
      Uin uin, Kind kind, BindingStore.Roles roles, boolean bound) {
    String because =
        switch (kind) {
          case GROUP ->
              roles.client()
                  ? "is client of a reseller"
                  : roles.reseller()
                      ? "is a reseller"
                      : bound && roles.payer()
                          ? "is a group payer"
                          : !bound && roles.member() ? "is member of a group" : "";
          case RESELLER ->
              roles.member()
                  ? "is member of a group"
                  : roles.payer()
                      ? "is a group payer"
                      : bound && roles.reseller()
                          ? "is a reseller"
                          : !bound && roles.client() ? "is client of a reseller" : "";
        };
    return because.isEmpty()
        ? Optional.empty()
        : Optional.of(new BindingRefused.InTheWay(uin, because));
  }

  private void write(
      Transaction tx, Cell cell, Operator operator, String action, Kind kind, Binding binding) {
    audit.write(
        tx,
        cell.ids(),
        clock.instant(),
        operator,
        action,
        Accounts.subject(binding.payer()),
        Detail.of(kind.bound(), binding.uin()));
  }
}
