package io.yunfu.billing.account;

import io.yunfu.db.Cells;
import io.yunfu.kernel.Uin;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Owner accounts, to be looked at.
public final class Accounts {
  private final Cells cells;
  private final Directory directory;
  private final AccountStore store = new AccountStore();

  public Accounts(Cells cells) {
    this.cells = cells;
    this.directory = new Directory(cells);
  }

  /// What to list; an absent filter lets everything pass.
  ///
  /// @param name part of the name, whatever its case
  public record Filter(
      Optional<String> name,
      Optional<Edition> edition,
      Optional<Certification> certification,
      Optional<Boolean> active) {
    public static final Filter ALL =
        new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public Optional<Account> find(Uin uin) {
    return directory
        .cellOf(uin)
        .flatMap(cell -> cell.database().read(tx -> store.find(tx, uin, cell.id())));
  }

  /// The accounts of all cells by ascending uin.
  ///
  /// @param after the last uin of the page before; empty for the first page
  public List<Account> list(Filter filter, Optional<Uin> after, int limit) {
    long above = after.map(Uin::value).orElse(0L);
    return cells.all().stream()
        .flatMap(cell ->
            cell.database().read(tx -> store.list(tx, cell.id(), filter, above, limit)).stream())
        .sorted(Comparator.comparing((Account account) -> account.owner().uin()))
        .limit(limit)
        .toList();
  }

  /// As the audit log names an account.
  public static String subject(Uin uin) {
    return "account/" + uin;
  }
}
