package io.yunfu.bench;

import static io.yunfu.kernel.Check.require;

/// What the number of a deal says: its ids and whose it is. SQL that makes the deals, `pgbench`
/// that pays them and the load generator that pays them all compute the same, each by itself, so
/// nothing has to be looked up while the clock runs.
///
/// The arithmetic is chosen so that no step leaves 63 bits, since `pgbench` and PostgreSQL refuse
/// to overflow.
///
/// @param prefix of all ids: a day and the cell, 11 digits
/// @param firstUin the first of the accounts, account 0
/// @param accounts how many there are
record Numbering(String prefix, long firstUin, int accounts) {
  static final long MAX = Integer.MAX_VALUE;

  /// Twelve digits without a leading zero.
  static final long FIRST_DEAL = 100_000_000_000L;

  static final long FIRST_BIG_DEAL = 500_000_000_000L;

  /// Far above what a cell's own blocks reach, and still within the sequence of cell 0.
  static final long FIRST_POSTING = 1L << 52;

  static final long FIRST_TOP_UP = FIRST_POSTING + (1L << 40);

  /// The same as [#position] in SQL, to be joined to a column `n` that holds the number. The two
  /// `?` are the percentage of the hot account and the number of accounts.
  ///
  /// A multiplication by an odd constant and a fold, twice, as in murmur hashes: neighbours come
  /// out far apart, and every position about as often as any other.
  static final String POSITION_SQL =
      """
      cross join lateral (select (n * 2654435761) % 4294967296 as a) as first_mix
      cross join lateral (select ((a # (a / 65536)) * 1540483477) % 4294967296 as b) as second_mix
      cross join lateral (select b # (b / 8192) as hash) as last_mix
      cross join lateral (
        select case when hash % 100 < ? then 0 else (hash / 100) % ? end as position) as owner_of
      """;

  Numbering {
    require(prefix.matches("[0-9]{11}"), "a prefix has 11 digits: %s", prefix);
    require(accounts > 0, "there is at least one account");
  }

  /// Whose deal it is, as a position among the accounts.
  int position(long number, int hotPercent) {
    require(number > 0 && number <= MAX, "number %d is out of range", number);
    long a = (number * 2_654_435_761L) % (1L << 32);
    long b = ((a ^ (a / 65_536)) * 1_540_483_477L) % (1L << 32);
    long h = b ^ (b / 8192);
    return h % 100 < hotPercent ? 0 : (int) ((h / 100) % accounts);
  }

  long uin(int position) {
    return firstUin + position;
  }

  String deal(long number) {
    return prefix + (FIRST_DEAL + number);
  }
}
