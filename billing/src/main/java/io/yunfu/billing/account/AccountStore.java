package io.yunfu.billing.account;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Owners at rest: tables `owner` and `change_counter` of a cell.
final class AccountStore {
  private static final String COLUMNS =
      "select uin, name, edition, certification, active, created_at from owner";

  private static final String FIND = COLUMNS + " where uin = ?";

  /// Keeps changes of one owner apart; does not hinder foreign keys to it.
  private static final String LOCK = COLUMNS + " where uin = ? for no key update";

  private static final String LIST =
      COLUMNS
          + """
           where uin > ?
             and (?::text is null or strpos(lower(name), lower(?)) > 0)
             and (?::text is null or edition = ?)
             and (?::text is null or certification = ?)
             and (?::boolean is null or active = ?)
           order by uin
           limit ?
          """;

  private static final String INSERT =
      """
      insert into owner (uin, name, edition, certification, active, created_at)
      values (?, ?, ?, ?, ?, ?)
      """;

  private static final String UPDATE =
      "update owner set name = ?, certification = ?, active = ? where uin = ?";

  private static final String ANNOUNCE =
      """
      with counted as (
        update change_counter set value = value + 1 returning value)
      update owner set change = counted.value from counted where uin = ?
      """;

  Optional<Account> find(Transaction tx, Uin uin, CellId cell) {
    return tx.queryOne(FIND, row -> account(row, cell), uin.value());
  }

  Optional<Account> lock(Transaction tx, Uin uin, CellId cell) {
    return tx.queryOne(LOCK, row -> account(row, cell), uin.value());
  }

  List<Account> list(Transaction tx, CellId cell, Accounts.Filter filter, long above, int limit) {
    String name = filter.name().orElse(null);
    String edition = filter.edition().map(Edition::code).orElse(null);
    String certification = filter.certification().map(Certification::code).orElse(null);
    Boolean active = filter.active().orElse(null);
    return tx.query(
        LIST,
        row -> account(row, cell),
        above,
        name,
        name,
        edition,
        edition,
        certification,
        certification,
        active,
        active,
        limit);
  }

  void insert(Transaction tx, Owner owner, Instant at) {
    tx.update(
        INSERT,
        owner.uin().value(),
        owner.name(),
        owner.edition().code(),
        owner.certification().code(),
        owner.active(),
        at);
  }

  void update(Transaction tx, Owner owner) {
    int updated =
        tx.update(
            UPDATE,
            owner.name(),
            owner.certification().code(),
            owner.active(),
            owner.uin().value());
    ensure(updated == 1, "there is no account %s", owner.uin());
  }

  /// Tells all nodes to forget what they remember of an owner, its users and its keys. The owner
  /// must be locked by this transaction: whoever waits here for the counter holds the row that the
  /// one before us wants next, otherwise.
  void announce(Transaction tx, Uin owner) {
    ensure(tx.update(ANNOUNCE, owner.value()) == 1, "there is no account %s", owner);
  }

  private static Account account(Row row, CellId cell) {
    var owner =
        new Owner(
            new Uin(row.longAt("uin")),
            row.text("name"),
            Edition.parse(row.text("edition")),
            Certification.parse(row.text("certification")),
            row.bool("active"));
    return new Account(owner, cell, row.instant("created_at"));
  }
}
