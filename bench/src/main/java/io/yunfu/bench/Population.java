package io.yunfu.bench;

import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Cell;
import io.yunfu.operator.MasterKey;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/// Those who pay in one run, and what they pay for. A database can serve several runs, one after
/// the other: each opens accounts of its own, and what earlier ones have left lies beside.
final class Population {
  /// Uins of real owners are shorter or longer.
  private static final long FIRST_UIN = 900_000_000_000L;

  /// Each account can pay for this many cents: a thousand times what it will be asked for.
  private static final long CASH = 100_000_000_000L;

  /// Deals that nobody can pay have numbers above those of all workloads.
  private static final String UNPAYABLE = "bench-unpayable";

  private static final long FIRST_UNPAYABLE = 2_000_000_001;

  private final PopulationStore store;
  private final Numbering numbering;
  private final Keys keys;
  private final Map<Workload, Deals> deals = new EnumMap<>(Workload.class);

  private Population(PopulationStore store, Numbering numbering, Keys keys) {
    this.store = store;
    this.numbering = numbering;
    this.keys = keys;
  }

  /// Opens the accounts, with money and keys.
  ///
  /// @param today the day that ids begin with
  static Population settle(
      BenchDatabase database,
      int accounts,
      MasterKey key,
      LocalDate today,
      RandomGenerator random) {
    return settle(database, accounts, key, today, random, CASH);
  }

  /// The same with accounts that have nothing and may owe nothing.
  static Population settlePoor(
      BenchDatabase database,
      int accounts,
      MasterKey key,
      LocalDate today,
      RandomGenerator random) {
    return settle(database, accounts, key, today, random, 0);
  }

  private static Population settle(
      BenchDatabase database,
      int accounts,
      MasterKey key,
      LocalDate today,
      RandomGenerator random,
      long cash) {
    Cell cell = database.cell();
    var store = new PopulationStore(database.directory(), cell.database(), cell.id().value());
    require(
        !store.hasOtherOwners(),
        "this database has owners that no benchmark made; a benchmark pays their money to nobody, but"
            + " it fills their tables: use a database of its own");
    long serial = store.take("bench-account", 1, accounts);
    long firstUin = FIRST_UIN + serial;
    store.addAccounts(firstUin, accounts, Numbering.FIRST_TOP_UP + serial, cash);
    var keys = new Keys(firstUin, accounts, random);
    store.addKeys(keys.secretIds(), firstUin, keys.sealed(key));
    String day = today.format(DateTimeFormatter.BASIC_ISO_DATE);
    var numbering = new Numbering(day + "%03d".formatted(cell.id().value()), firstUin, accounts);
    var population = new Population(store, numbering, keys);
    for (Workload workload : Workload.values()) {
      population.deals.put(workload, new Deals(workload, numbering, store, workload.firstNumber()));
    }
    return population;
  }

  /// Makes deals that are not paid by anybody: of accounts that have nothing, or cancelled. Their
  /// owners are spread over all accounts.
  ///
  /// @return their numbers, as receipts that ask for nothing
  Receipts addUnpayable(long count, boolean cancelled) {
    long first = store.take(UNPAYABLE, FIRST_UNPAYABLE, count);
    store.addDeals(numbering, 0, first, first + count);
    if (cancelled) {
      store.cancel(numbering, first, first + count);
    }
    return new Receipts(first, count);
  }

  Numbering numbering() {
    return numbering;
  }

  Keys keys() {
    return keys;
  }

  Deals deals(Workload workload) {
    return Objects.requireNonNull(deals.get(workload));
  }
}
