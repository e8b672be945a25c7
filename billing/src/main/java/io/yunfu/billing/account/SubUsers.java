package io.yunfu.billing.account;

import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.ConstraintViolated;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// The sub-users of owners: added, renamed, switched off and on, and given policies. None is ever
/// deleted, since deals name their creators.
public final class SubUsers {
  /// More than that is no team but a mistake.
  public static final int MOST_PER_ACCOUNT = 1000;

  /// They are read at every sign-in that is not cached.
  public static final int MOST_POLICIES = 100;

  private final Directory directory;
  private final InstantSource clock;
  private final FreeUins numbers;
  private final AccountStore accounts = new AccountStore();
  private final SubUserStore store = new SubUserStore();
  private final AuditLog audit = new AuditLog();

  public SubUsers(Cells cells, InstantSource clock, RandomGenerator random) {
    this.directory = new Directory(cells);
    this.clock = clock;
    this.numbers = new FreeUins(directory, random);
  }

  /// A new user.
  ///
  /// @param uin given when it is imported; made here otherwise
  public record Add(Uin owner, Optional<Uin> uin, String name, List<String> policies) {}

  /// What is absent stays as it is.
  public record Change(Uin owner, Uin user, Optional<String> name, Optional<Boolean> active) {}

  public Outcome<SubUser, AccountRefused> add(Operator operator, Add command) {
    var cell = directory.cellOf(command.owner());
    if (cell.isEmpty()) {
      return Outcome.refused(new AccountRefused.NoSuchAccount(command.owner()));
    }
    Uin uin = command.uin().orElseGet(numbers::next);
    if (!directory.placeSubUser(uin, command.owner())) {
      return Outcome.refused(new AccountRefused.UinTaken(uin));
    }
    var user =
        new SubUser(
            uin,
            command.owner(),
            command.name(),
            true,
            Times.micros(clock.instant()),
            checked(command.policies()));
    try {
      return changing(cell.get(), operator, "user.add", command.owner(), tx -> insert(tx, user));
    } catch (ConstraintViolated e) {
      if (e.isDuplicate()) {
        return Outcome.refused(new AccountRefused.UinTaken(uin));
      }
      throw e;
    }
  }

  public Outcome<SubUser, AccountRefused> change(Operator operator, Change command) {
    return changing(
        operator,
        "user.change",
        command.owner(),
        tx -> {
          var found = store.find(tx, command.owner(), command.user());
          if (found.isEmpty()) {
            return Outcome.refused(new AccountRefused.NoSuchUser(command.user()));
          }
          SubUser before = found.get();
          var after =
              new SubUser(
                  before.uin(),
                  before.owner(),
                  command.name().orElse(before.name()),
                  command.active().orElse(before.active()),
                  before.createdAt(),
                  before.policies());
          store.update(tx, after);
          return Outcome.done(after);
        });
  }

  /// Gives a user exactly these policies.
  public Outcome<SubUser, AccountRefused> setPolicies(
      Operator operator, Uin owner, Uin user, List<String> policies) {
    var wanted = checked(policies);
    return changing(
        operator,
        "user.set-policies",
        owner,
        tx -> {
          var found = store.find(tx, owner, user);
          if (found.isEmpty()) {
            return Outcome.refused(new AccountRefused.NoSuchUser(user));
          }
          if (wanted.size() > MOST_POLICIES) {
            return Outcome.refused(new AccountRefused.TooMany("policies of a user", MOST_POLICIES));
          }
          store.setPolicies(tx, user, wanted, clock.instant());
          SubUser before = found.get();
          return Outcome.done(
              new SubUser(
                  before.uin(),
                  before.owner(),
                  before.name(),
                  before.active(),
                  before.createdAt(),
                  wanted));
        });
  }

  public Optional<SubUser> find(Uin owner, Uin user) {
    return directory
        .cellOf(owner)
        .flatMap(cell -> cell.database().read(tx -> store.find(tx, owner, user)));
  }

  /// By ascending uin; empty when there is no such account.
  public List<SubUser> list(Uin owner, Optional<Uin> after, int limit) {
    long above = after.map(Uin::value).orElse(0L);
    return directory
        .cellOf(owner)
        .map(cell -> cell.database().read(tx -> store.list(tx, owner, above, limit)))
        .orElse(List.of());
  }

  private Outcome<SubUser, AccountRefused> insert(Transaction tx, SubUser user) {
    if (store.count(tx, user.owner()) >= MOST_PER_ACCOUNT) {
      return Outcome.refused(
          new AccountRefused.TooMany("sub-users of an account", MOST_PER_ACCOUNT));
    }
    if (user.policies().size() > MOST_POLICIES) {
      return Outcome.refused(new AccountRefused.TooMany("policies of a user", MOST_POLICIES));
    }
    store.insert(tx, user);
    store.setPolicies(tx, user.uin(), user.policies(), user.createdAt());
    return Outcome.done(user);
  }

  private Outcome<SubUser, AccountRefused> changing(
      Operator operator,
      String action,
      Uin owner,
      Function<Transaction, Outcome<SubUser, AccountRefused>> change) {
    return directory
        .cellOf(owner)
        .map(cell -> changing(cell, operator, action, owner, change))
        .orElseGet(() -> Outcome.refused(new AccountRefused.NoSuchAccount(owner)));
  }

  /// Locks the owner, lets the change be made, writes it down and tells the nodes.
  private Outcome<SubUser, AccountRefused> changing(
      Cell cell,
      Operator operator,
      String action,
      Uin owner,
      Function<Transaction, Outcome<SubUser, AccountRefused>> change) {
    return cell.database()
        .inTransaction(tx -> {
          if (accounts.lock(tx, owner, cell.id()).isEmpty()) {
            return Outcome.refused(new AccountRefused.NoSuchAccount(owner));
          }
          var outcome = change.apply(tx);
          if (outcome instanceof Outcome.Done<SubUser, AccountRefused>(SubUser user)) {
            var detail =
                Detail.of("user", user.uin())
                    .and("name", user.name())
                    .and("active", user.active())
                    .and("policies", user.policies());
            audit.write(
                tx, cell.ids(), clock.instant(), operator, action, Accounts.subject(owner), detail);
            accounts.announce(tx, owner);
          }
          return outcome;
        });
  }

  private static List<String> checked(List<String> policies) {
    policies.forEach(policy -> require(Policy.isWellFormed(policy), "%s is no policy", policy));
    return List.copyOf(new TreeSet<>(policies));
  }
}
