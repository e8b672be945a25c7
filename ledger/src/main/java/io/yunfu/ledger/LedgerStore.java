package io.yunfu.ledger;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.db.Pipeline;
import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The books at rest: tables `account`, `temp_credit`, `hold`, `posting`, `leg`.
final class LedgerStore {
  private static final String OPEN = "insert into account (uin, currency) values (?, ?)";

  private static final String COLUMNS =
      """
      select uin, currency, cash, income, present, owe, frozen, credit_limit, temp_credit
        from account
      """;

  /// With its grants, a row each, of which most accounts have none.
  private static final String READ =
      """
      select a.uin, a.currency, a.cash, a.income, a.present, a.owe, a.frozen, a.credit_limit, a.temp_credit,
             t.temp_credit_id, t.amount, t.starts_at, t.ends_at
        from account a
        left join temp_credit t on t.uin = a.uin and a.temp_credit > 0
       where a.uin = ?
       order by t.temp_credit_id
      """;

  /// Ascending, so that overlapping transactions wait for each other instead of deadlocking.
  private static final String LOCK = COLUMNS + " where uin = any (?) order by uin for update";

  private static final String GRANTS =
      """
      select temp_credit_id, uin, amount, starts_at, ends_at
        from temp_credit
       where uin = any (?)
       order by temp_credit_id
      """;

  private static final String INSERT_POSTINGS =
      """
      insert into posting (posting_id, kind, actor, request_id, memo, created_at)
      select * from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
      """;

  private static final String INSERT_LEGS =
      """
      insert into leg (posting_id, line, debit_uin, debit_pocket, credit_uin, credit_pocket, amount, currency, subject)
      select * from unnest(?::bigint[], ?::smallint[], ?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::bigint[],
                           ?::text[], ?::text[])
      """;

  private static final String MOVE =
      """
      update account a
         set cash = a.cash + d.cash, income = a.income + d.income, present = a.present + d.present, owe = a.owe + d.owe
        from unnest(?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
             as d (uin, currency, cash, income, present, owe)
       where a.uin = d.uin and a.currency = d.currency
      """;

  private static final String HOLD =
      """
      with room as (
        update account set frozen = frozen + ? where uin = ? returning uin)
      insert into hold (hold_id, uin, amount, state, reason, subject, created_at)
      select ?, uin, ?, 'held', ?, ?, ? from room
      """;

  private static final String END_HOLD =
      """
      with ended as (
        update hold set state = ?, ended_at = ? where hold_id = ? and state = 'held' returning uin, amount)
      update account a set frozen = a.frozen - ended.amount from ended where a.uin = ended.uin
      returning ended.amount
      """;

  private static final String SET_CREDIT_LIMIT =
      "update account set credit_limit = ? where uin = ?";

  private static final String GRANT =
      """
      with room as (
        update account set temp_credit = temp_credit + ? where uin = ? returning uin)
      insert into temp_credit (temp_credit_id, uin, amount, starts_at, ends_at)
      select ?, uin, ?, ?, ? from room
      """;

  private static final String REVOKE =
      """
      with gone as (
        delete from temp_credit where temp_credit_id = ? and uin = ? returning uin, amount)
      update account a set temp_credit = a.temp_credit - gone.amount from gone where a.uin = gone.uin
      """;

  private static final String POSTINGS =
      """
      select p.posting_id, p.kind, p.actor, p.request_id, p.memo, p.created_at,
             l.debit_uin, l.debit_pocket, l.credit_uin, l.credit_pocket, l.amount, l.currency, l.subject
        from (select posting_id
                from (select posting_id from leg where debit_uin = ? and posting_id < ?
                      union
                      select posting_id from leg where credit_uin = ? and posting_id < ?) touched
                join posting using (posting_id)
               where created_at >= ? and created_at < ?
                 and (?::text is null or kind = ?)
               order by posting_id desc
               limit ?) page
        join posting p using (posting_id)
        left join leg l using (posting_id)
       order by p.posting_id desc, l.line
      """;

  private static final String POSTING =
      """
      select p.posting_id, p.kind, p.actor, p.request_id, p.memo, p.created_at,
             l.debit_uin, l.debit_pocket, l.credit_uin, l.credit_pocket, l.amount, l.currency, l.subject
        from posting p
        left join leg l using (posting_id)
       where p.posting_id = ?
       order by l.line
      """;

  private static final String HOLDS =
      """
      select hold_id, uin, amount, state, reason, subject, created_at, ended_at
        from hold
       where uin = ? and hold_id < ?
         and (?::text is null or state = ?)
       order by hold_id desc
       limit ?
      """;

  void open(Transaction tx, Uin owner, Currency currency) {
    tx.update(OPEN, owner.value(), currency.name());
  }

  Optional<Balance> read(Transaction tx, Uin owner) {
    List<Balance> rows = tx.query(READ, LedgerStore::withGrant, owner.value());
    return rows.stream()
        .findFirst()
        .map(first -> first.with(rows.stream().flatMap(row -> row.grants().stream()).toList()));
  }

  Map<Uin, Balance> lock(Transaction tx, Collection<Uin> owners) {
    return balances(tx, tx.query(LOCK, LedgerStore::stored, (Object) uins(owners)));
  }

  private static long[] uins(Collection<Uin> owners) {
    return owners.stream().mapToLong(Uin::value).distinct().sorted().toArray();
  }

  /// The locking read, waiting in a pipeline; see [#balances].
  Pipeline.Rows<Stored> lock(Pipeline pipeline, Collection<Uin> owners) {
    return pipeline.query(LOCK, LedgerStore::stored, (Object) uins(owners));
  }

  /// All writes of some postings, waiting in a pipeline; to be checked once it has run.
  Writing post(Pipeline pipeline, List<Posting> postings) {
    var writing = new Writing(pipeline);
    if (!postings.isEmpty()) {
      insertPostings(writing, postings);
      insertLegs(writing, postings);
      move(writing, postings);
    }
    return writing;
  }

  void hold(
      Transaction tx, long id, Uin owner, long cents, String reason, String subject, Instant at) {
    int held = tx.update(HOLD, cents, owner.value(), id, cents, reason, subject, at);
    ensure(held == 1, "there is no account %s", owner);
  }

  Optional<Long> endHold(Transaction tx, long holdId, String state, Instant at) {
    return tx.queryOne(END_HOLD, row -> row.longAt("amount"), state, at, holdId);
  }

  void setCreditLimit(Transaction tx, Uin owner, long cents) {
    ensure(tx.update(SET_CREDIT_LIMIT, cents, owner.value()) == 1, "there is no account %s", owner);
  }

  void grantTempCredit(Transaction tx, Uin owner, Balance.TempCredit grant) {
    int granted =
        tx.update(
            GRANT,
            grant.cents(),
            owner.value(),
            grant.id(),
            grant.cents(),
            grant.startsAt(),
            grant.endsAt());
    ensure(granted == 1, "there is no account %s", owner);
  }

  boolean revokeTempCredit(Transaction tx, Uin owner, long grantId) {
    return tx.update(REVOKE, grantId, owner.value()) == 1;
  }

  List<Posting> postings(
      Transaction tx, Uin owner, Posting.Filter filter, long beforeId, int limit) {
    long uin = owner.value();
    String kind = filter.kind().map(Posting.Kind::code).orElse(null);
    return gather(
        tx.query(
            POSTINGS,
            PostingLine::read,
            uin,
            beforeId,
            uin,
            beforeId,
            filter.from(),
            filter.until(),
            kind,
            kind,
            limit));
  }

  Optional<Posting> posting(Transaction tx, long id) {
    return gather(tx.query(POSTING, PostingLine::read, id)).stream().findFirst();
  }

  List<Hold> holds(
      Transaction tx, Uin owner, Optional<Hold.State> state, long beforeId, int limit) {
    String wanted = state.map(Hold.State::code).orElse(null);
    return tx.query(HOLDS, LedgerStore::hold, owner.value(), beforeId, wanted, wanted, limit);
  }

  private static void insertPostings(Writing writing, List<Posting> postings) {
    int size = postings.size();
    var ids = new long[size];
    var kinds = new String[size];
    var actors = new String[size];
    var requestIds = new String[size];
    var memos = new String[size];
    var times = new Instant[size];
    for (int i = 0; i < size; i++) {
      Posting posting = postings.get(i);
      ids[i] = posting.id();
      kinds[i] = posting.kind().code();
      actors[i] = posting.actor();
      requestIds[i] = posting.requestId();
      memos[i] = posting.memo();
      times[i] = posting.at();
    }
    writing.add("postings", size, INSERT_POSTINGS, ids, kinds, actors, requestIds, memos, times);
  }

  private static void insertLegs(Writing writing, List<Posting> postings) {
    int size = postings.stream().mapToInt(posting -> posting.legs().size()).sum();
    if (size == 0) {
      return;
    }
    var ids = new long[size];
    var lines = new short[size];
    var debitUins = new long[size];
    var debitPockets = new String[size];
    var creditUins = new long[size];
    var creditPockets = new String[size];
    var amounts = new long[size];
    var currencies = new String[size];
    var subjects = new String[size];
    int i = 0;
    for (Posting posting : postings) {
      short line = 0;
      for (Leg leg : posting.legs()) {
        ids[i] = posting.id();
        lines[i] = line++;
        debitUins[i] = leg.debit().uin();
        debitPockets[i] = leg.debit().code();
        creditUins[i] = leg.credit().uin();
        creditPockets[i] = leg.credit().code();
        amounts[i] = leg.amount().cents();
        currencies[i] = leg.amount().currency().name();
        subjects[i] = leg.subject();
        i++;
      }
    }
    writing.add(
        "legs",
        size,
        INSERT_LEGS,
        ids,
        lines,
        debitUins,
        debitPockets,
        creditUins,
        creditPockets,
        amounts,
        currencies,
        subjects);
  }

  /// Applies the sum of all legs to each account they touch, in one statement.
  private static void move(Writing writing, List<Posting> postings) {
    var changes = new TreeMap<Uin, Change>();
    for (Posting posting : postings) {
      for (Leg leg : posting.legs()) {
        add(changes, leg.debit(), leg.amount());
        add(changes, leg.credit(), leg.amount().negated());
      }
    }
    int size = changes.size();
    if (size == 0) {
      return;
    }
    var uins = new long[size];
    var currencies = new String[size];
    var cash = new long[size];
    var income = new long[size];
    var present = new long[size];
    var owe = new long[size];
    int i = 0;
    for (var entry : changes.entrySet()) {
      Change change = entry.getValue();
      uins[i] = entry.getKey().value();
      currencies[i] = change.currency.name();
      cash[i] = change.cash;
      income[i] = change.income;
      present[i] = change.present;
      owe[i] = change.owe;
      i++;
    }
    writing.add(
        "accounts (one is missing or has another currency)",
        size,
        MOVE,
        uins,
        currencies,
        cash,
        income,
        present,
        owe);
  }

  private static void add(Map<Uin, Change> changes, Pocket pocket, Money debited) {
    if (pocket instanceof Pocket.Owned(Uin owner, Pocket.Kind kind)) {
      var change = changes.computeIfAbsent(owner, uin -> new Change(debited.currency()));
      ensure(change.currency == debited.currency(), "account %s would get two currencies", owner);
      change.add(kind, debited.cents());
    }
  }

  /// What a batch of postings does to the stored pockets of one account.
  private static final class Change {
    private final Currency currency;
    private long cash;
    private long income;
    private long present;
    private long owe;

    Change(Currency currency) {
      this.currency = currency;
    }

    /// Owners' money grows by credits, their debt by debits.
    void add(Pocket.Kind kind, long debited) {
      switch (kind) {
        case CASH -> cash = Math.subtractExact(cash, debited);
        case INCOME -> income = Math.subtractExact(income, debited);
        case PRESENT -> present = Math.subtractExact(present, debited);
        case OWE -> owe = Math.addExact(owe, debited);
      }
    }
  }

  /// Statements that wait in a pipeline with the counts they must have.
  static final class Writing {
    private record Expected(String what, int count, Pipeline.Count written) {}

    private final Pipeline pipeline;
    private final List<Expected> expected = new ArrayList<>();

    Writing(Pipeline pipeline) {
      this.pipeline = pipeline;
    }

    void add(String what, int count, String sql, Object... args) {
      expected.add(new Expected(what, count, pipeline.update(sql, args)));
    }

    void check() {
      for (Expected each : expected) {
        ensure(
            each.written.count() == each.count,
            "%d of %d %s were written",
            each.written.count(),
            each.count,
            each.what);
      }
    }
  }

  /// Grants are rare: they are only fetched for accounts that say they have some.
  static Map<Uin, Balance> balances(Transaction tx, List<Stored> rows) {
    var grants = new HashMap<Uin, List<Balance.TempCredit>>();
    long[] granted =
        rows.stream()
            .filter(row -> row.tempCredit > 0)
            .mapToLong(row -> row.balance.owner().value())
            .toArray();
    if (granted.length > 0) {
      tx.query(GRANTS, LedgerStore::grant, (Object) granted)
          .forEach(grant ->
              grants.computeIfAbsent(grant.owner, uin -> new ArrayList<>()).add(grant.credit));
    }
    var balances = new LinkedHashMap<Uin, Balance>();
    for (Stored row : rows) {
      Uin owner = row.balance.owner();
      balances.put(owner, row.balance.with(grants.getOrDefault(owner, List.of())));
    }
    return balances;
  }

  record Stored(Balance balance, long tempCredit) {}

  private record Grant(Uin owner, Balance.TempCredit credit) {}

  private static Stored stored(Row row) {
    var balance =
        new Balance(
            new Uin(row.longAt("uin")),
            Currency.valueOf(row.text("currency")),
            row.longAt("present"),
            row.longAt("income"),
            row.longAt("cash"),
            row.longAt("owe"),
            row.longAt("frozen"),
            row.longAt("credit_limit"),
            List.of());
    return new Stored(balance, row.longAt("temp_credit"));
  }

  private static Balance withGrant(Row row) {
    Balance balance = stored(row).balance;
    return row.isNull("temp_credit_id") ? balance : balance.with(List.of(grant(row).credit));
  }

  private static Grant grant(Row row) {
    return new Grant(
        new Uin(row.longAt("uin")),
        new Balance.TempCredit(
            row.longAt("temp_credit_id"),
            row.longAt("amount"),
            row.instant("starts_at"),
            row.instant("ends_at")));
  }

  private static Hold hold(Row row) {
    return new Hold(
        row.longAt("hold_id"),
        new Uin(row.longAt("uin")),
        row.longAt("amount"),
        Hold.State.parse(row.text("state")),
        row.text("reason"),
        row.text("subject"),
        row.instant("created_at"),
        row.instantOrNull("ended_at"));
  }

  /// A posting and one of its legs; `leg` is absent when it has none.
  private record PostingLine(Posting head, Optional<Leg> leg) {
    static PostingLine read(Row row) {
      var head =
          new Posting(
              row.longAt("posting_id"),
              Posting.Kind.parse(row.text("kind")),
              row.text("actor"),
              row.text("request_id"),
              row.text("memo"),
              row.instant("created_at"),
              List.of());
      if (row.isNull("amount")) {
        return new PostingLine(head, Optional.empty());
      }
      var leg =
          new Leg(
              Pocket.parse(row.longAt("debit_uin"), row.text("debit_pocket")),
              Pocket.parse(row.longAt("credit_uin"), row.text("credit_pocket")),
              Money.of(row.longAt("amount"), Currency.valueOf(row.text("currency"))),
              row.text("subject"));
      return new PostingLine(head, Optional.of(leg));
    }
  }

  private static List<Posting> gather(List<PostingLine> lines) {
    var heads = new LinkedHashMap<Long, Posting>();
    var legs = new HashMap<Long, List<Leg>>();
    for (PostingLine line : lines) {
      heads.put(line.head.id(), line.head);
      line.leg.ifPresent(
          leg -> legs.computeIfAbsent(line.head.id(), id -> new ArrayList<>()).add(leg));
    }
    return heads.values().stream()
        .map(head -> head.with(legs.getOrDefault(head.id(), List.of())))
        .toList();
  }
}
