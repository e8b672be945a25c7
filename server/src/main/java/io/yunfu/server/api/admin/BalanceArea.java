package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_ACCOUNT;
import static io.yunfu.server.api.admin.AccountsArea.TOO_MANY;
import static io.yunfu.server.api.admin.AccountsArea.UIN;
import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.balance.Adjust;
import io.yunfu.billing.balance.BalanceRefused;
import io.yunfu.billing.balance.Booked;
import io.yunfu.billing.balance.Statements;
import io.yunfu.billing.balance.TopUp;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Hold;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import io.yunfu.ledger.Posting;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What accounts have: shown, topped up, put right, and every movement of it.
final class BalanceArea implements Area {
  static final ErrorCode OTHER_CURRENCY =
      ErrorCode.of(
          422, "OtherCurrency", "The account is in {0}, not in {1}.", "该账号的币种为 {0},不是 {1}。");
  static final ErrorCode NOT_AVAILABLE =
      ErrorCode.of(
          409, "NotAvailable", "The account may spend {0} and no more.", "该账号的可用额度仅为 {0}。");
  static final ErrorCode CREDIT_IN_USE =
      ErrorCode.of(
          409, "CreditInUse", "So much of the credit is spent or frozen: {0}.", "已使用或冻结的信用额度:{0}。");
  static final ErrorCode NO_SUCH_GRANT =
      ErrorCode.of(404, "NoSuchGrant", "The account has no grant {0}.", "该账号没有临时额度 {0}。");
  static final ErrorCode NO_SUCH_HOLD =
      ErrorCode.of(404, "NoSuchHold", "The account has no hold {0}.", "该账号没有冻结记录 {0}。");
  static final ErrorCode HOLD_ENDED =
      ErrorCode.of(409, "HoldEnded", "The hold {0} is {1} already.", "冻结记录 {0} 已处于状态 {1}。");
  static final ErrorCode MORE_THAN_HELD =
      ErrorCode.of(422, "MoreThanHeld", "The hold is of {0}.", "该冻结记录的金额为 {0}。");
  private static final ErrorCode POCKET_TOO_SMALL =
      ErrorCode.of(
          409,
          "PocketTooSmall",
          "There is only {1} in {0}; with mayOwe the rest becomes a debt.",
          "{0} 余额仅有 {1};设置 mayOwe 可将不足部分记为欠款。");

  /// The pockets of an account, by the name that they have here.
  private enum PocketName {
    CASH("cash", Pocket.Kind.CASH),
    INCOME("income", Pocket.Kind.INCOME),
    GIFT("gift", Pocket.Kind.PRESENT);

    private final String code;
    private final Pocket.Kind kind;

    PocketName(String code, Pocket.Kind kind) {
      this.code = code;
      this.kind = kind;
    }

    private static String of(Pocket.Kind kind) {
      return switch (kind) {
        case CASH -> CASH.code;
        case INCOME -> INCOME.code;
        case PRESENT -> GIFT.code;
        case OWE -> "owe";
      };
    }
  }

  private static final Scalar<String> WORDS = Types.text(500);

  private static final Form<Balance.TempCredit> GRANT =
      Form.<Balance.TempCredit>of("CreditGrant", "Credit for a time.")
          .with("id", Types.ROW_ID, "Its number.", Balance.TempCredit::id)
          .with("amount", Amounts.CENTS, "In the account's currency.", Balance.TempCredit::cents)
          .with("startsAt", Types.INSTANT, "From then on it counts.", Balance.TempCredit::startsAt)
          .with("endsAt", Types.INSTANT, "From then on it is gone.", Balance.TempCredit::endsAt);

  private static final Form<Leg> LEG =
      Form.<Leg>of(
              "Leg",
              "One step of a posting. What an account has grows by credits; what it owes grows by"
                  + " debits. Without a uin it is a pocket of the house.")
          .maybe("debitUin", Types.UIN, "The account on the debit side.", leg -> uin(leg.debit()))
          .with(
              "debitPocket", Types.text(20), "The pocket on that side.", leg -> pocket(leg.debit()))
          .maybe(
              "creditUin", Types.UIN, "The account on the credit side.", leg -> uin(leg.credit()))
          .with(
              "creditPocket",
              Types.text(20),
              "The pocket on that side.",
              leg -> pocket(leg.credit()))
          .with("amount", Amounts.POSITIVE, "What moves.", leg -> leg.amount().cents())
          .with("currency", Types.CURRENCY, "Of the amount.", leg -> leg.amount().currency())
          .maybe(
              "subject",
              Types.text(100),
              "What it paid for: the id of a deal.",
              leg -> Answers.unlessEmpty(leg.subject()));

  private static final Scalar<Posting.Kind> KIND =
      Types.choice(Arrays.asList(Posting.Kind.values()), Posting.Kind::code);

  private static final Form<Posting> POSTING =
      Form.<Posting>of("Posting", "One balanced movement of money.")
          .with("id", Types.ROW_ID, "Its number.", Posting::id)
          .with("kind", KIND, "What kind of movement it is.", Posting::kind)
          .with(
              "actor",
              Types.text(200),
              "Who caused it: the number of an account or user, or `operator:NAME`.",
              Posting::actor)
          .with("requestId", Types.text(200), "Finds the line of the log.", Posting::requestId)
          .with("memo", WORDS, "Somebody's words.", Posting::memo)
          .with("at", Types.INSTANT, "When.", Posting::at)
          .with("legs", Form.list(LEG), "Its steps.", Posting::legs);

  private static final Field.Must<TopUp.Kind> TOP_UP_KIND =
      must(
              "kind",
              Types.choice(Arrays.asList(TopUp.Kind.values()), TopUp.Kind::code),
              "What kind of money it is. Cash and income repay first what the account owes; a gift"
                  + " does not.")
          .or(TopUp.Kind.CASH);
  private static final Field.Must<String> MEMO =
      must("memo", WORDS, "Where it came from: the number of a transfer, say.").or("");

  private static final Field.Must<PocketName> POCKET =
      must(
          "pocket",
          Types.choice(Arrays.asList(PocketName.values()), name -> name.code),
          "What is put right.");
  private static final Field.Must<Long> CORRECTION =
      must(
          "amount",
          Types.integer(-TopUp.MOST, TopUp.MOST),
          "In the smallest unit of the currency; negative to take away, and not 0.");
  private static final Field.Must<Boolean> MAY_OWE =
      must(
              "mayOwe",
              Types.FLAG,
              "Whether more may be taken than the pocket holds: the rest becomes a debt.")
          .or(false);
  private static final Field.Must<String> REASON =
      must("reason", Types.text(1, 500), "Why, for the statement and the audit log.");

  private static final Field.May<Posting.Kind> KIND_IS =
      may("kind", KIND, "Only movements of this kind.");
  private static final Field.Must<Instant> FROM =
      must("from", Types.INSTANT, "Only movements from this instant on.")
          .or(Posting.Filter.ALL.from());
  private static final Field.Must<Instant> UNTIL =
      must("until", Types.INSTANT, "Only movements before this instant.")
          .or(Posting.Filter.ALL.until());

  private final TopUp topUp;
  private final Adjust adjust;
  private final Statements statements;
  private final Form<Balance> balance;
  private final Form<Booked> booked;

  BalanceArea(TopUp topUp, Adjust adjust, Statements statements, InstantSource clock) {
    this.topUp = topUp;
    this.adjust = adjust;
    this.statements = statements;
    this.balance = form(clock);
    this.booked = bookedForm(balance);
  }

  /// @param clock tells which credit counts now
  static Form<Balance> form(InstantSource clock) {
    return Form.<Balance>of("Balance", "What an account has, in the smallest unit of its currency.")
        .with("uin", Types.UIN, "The account.", Balance::owner)
        .with("currency", Types.CURRENCY, "Of all amounts here.", Balance::currency)
        .with("cash", Amounts.CENTS, "Topped-up money.", Balance::cash)
        .with("income", Amounts.CENTS, "Earnings transferred in.", Balance::income)
        .with("gift", Amounts.CENTS, "Given by the house.", Balance::present)
        .with("owe", Amounts.CENTS, "Spent on credit and not yet repaid.", Balance::owe)
        .with("frozen", Amounts.CENTS, "The sum of all holds.", Balance::frozen)
        .with("creditLimit", Amounts.CENTS, "The standing line of credit.", Balance::creditLimit)
        .with(
            "tempCredit",
            Amounts.CENTS,
            "Credit for a time, as far as it counts now.",
            has -> has.tempCredit(clock.instant()))
        .with(
            "real",
            Amounts.CENTS,
            "Cash, income and gift less what is frozen and owed.",
            has -> has.real().cents())
        .with(
            "available",
            Amounts.CENTS,
            "What a payment may spend now.",
            has -> has.available(clock.instant()).cents())
        .with(
            "grants", Form.list(GRANT), "Credit for a time, past and future too.", Balance::grants);
  }

  static Form<Booked> bookedForm(Form<Balance> balance) {
    return Form.<Booked>of("Booked", "Money that was moved, and the account after it.")
        .with("posting", Types.ROW_ID, "The number of the movement.", Booked::posting)
        .with("balance", balance, "What the account has now.", Booked::balance);
  }

  @Override
  public String name() {
    return "balance";
  }

  @Override
  public String about() {
    return "What accounts have, and everything that moved it.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.get("balance.get", "/accounts/{uin}/balance", "Shows what an account has.")
            .path(UIN)
            .refuses(NO_SUCH_ACCOUNT)
            .answers(balance)
            .by(call -> existing(statements, call.get(UIN))),
        Operation.post(
                "balance.top-up",
                "/accounts/{uin}/top-ups",
                "Puts money into an account: cash, income or a gift.")
            .path(UIN)
            .body(TOP_UP_KIND, Amounts.AMOUNT, Amounts.CURRENCY, MEMO)
            .example("{\"amount\": 10000, \"currency\": \"CNY\", \"memo\": \"transfer 4711\"}")
            .repeatable()
            .refuses(NO_SUCH_ACCOUNT, OTHER_CURRENCY)
            .creates(booked)
            .by(this::topUp),
        Operation.post(
                "balance.adjust",
                "/accounts/{uin}/adjustments",
                "Puts a balance right, upwards or downwards.")
            .path(UIN)
            .body(POCKET, CORRECTION, Amounts.CURRENCY, MAY_OWE, REASON)
            .example(
                """
                {"pocket": "cash", "amount": -500, "currency": "CNY", "reason": "booked twice"}\
                """)
            .repeatable()
            .refuses(NO_SUCH_ACCOUNT, OTHER_CURRENCY, POCKET_TOO_SMALL, NOT_AVAILABLE)
            .creates(booked)
            .by(this::adjust),
        Operation.get(
                "balance.postings",
                "/accounts/{uin}/postings",
                "Lists everything that moved money of an account, newest first.")
            .path(UIN)
            .query(KIND_IS, FROM, UNTIL)
            .refuses(NO_SUCH_ACCOUNT)
            .pages(
                POSTING, Cursor.number(), Posting::id, "id", "at", "kind", "actor", "memo", "legs")
            .by((call, part) -> {
              Uin uin = existing(statements, call.get(UIN)).owner();
              var filter = new Posting.Filter(call.get(KIND_IS), call.get(FROM), call.get(UNTIL));
              return statements.postings(uin, filter, part.after(), part.limit());
            }));
  }

  private Booked topUp(Call call) {
    var command =
        new TopUp.Command(
            call.get(UIN), call.get(TOP_UP_KIND), Amounts.of(call), call.get(MEMO), call.key());
    return Answers.done(topUp.topUp(call.operator(), command), BalanceArea::spelt);
  }

  private Booked adjust(Call call) {
    long cents = call.get(CORRECTION);
    if (cents == 0) {
      throw call.wrong(CORRECTION, "must not be 0", "不能为 0");
    }
    if (call.get(REASON).isBlank()) {
      throw call.wrong(REASON, "must say something", "不能为空白");
    }
    var command =
        new Adjust.Command(
            call.get(UIN),
            call.get(POCKET).kind,
            Money.of(cents, call.get(Amounts.CURRENCY)),
            call.get(MAY_OWE),
            call.get(REASON),
            call.key());
    return Answers.done(adjust.adjust(call.operator(), command), BalanceArea::spelt);
  }

  static Balance existing(Statements statements, Uin uin) {
    return Answers.found(statements.balance(uin), NO_SUCH_ACCOUNT, uin);
  }

  static Refused spelt(BalanceRefused why) {
    return switch (why) {
      case BalanceRefused.NoSuchAccount(Uin uin) -> NO_SUCH_ACCOUNT.with(uin);
      case BalanceRefused.OtherCurrency(Currency account, Currency given) ->
          OTHER_CURRENCY.with(account, given).at(Amounts.CURRENCY.name());
      case BalanceRefused.PocketTooSmall(Pocket.Kind pocket, Money has) ->
          POCKET_TOO_SMALL.with(PocketName.of(pocket), has).at(CORRECTION.name());
      case BalanceRefused.NotAvailable(Money available) ->
          NOT_AVAILABLE.with(available).at(Amounts.AMOUNT.name());
      case BalanceRefused.CreditInUse(Money least) -> CREDIT_IN_USE.with(least);
      case BalanceRefused.NoSuchGrant(long id) -> NO_SUCH_GRANT.with(id);
      case BalanceRefused.NoSuchHold(long id) -> NO_SUCH_HOLD.with(id);
      case BalanceRefused.HoldEnded(long id, Hold.State state) -> HOLD_ENDED.with(id, state.code());
      case BalanceRefused.MoreThanHeld(Money held) ->
          MORE_THAN_HELD.with(held).at(Amounts.AMOUNT.name());
      case BalanceRefused.KeyReused() -> Errors.KEY_REUSED.with().at(RequestReader.IDEMPOTENCY_KEY);
      case BalanceRefused.TooMany(String what, int most) -> TOO_MANY.with(what, most);
    };
  }

  private static Optional<Uin> uin(Pocket pocket) {
    return switch (pocket) {
      case Pocket.Owned(Uin owner, Pocket.Kind kind) -> Optional.of(owner);
      case Pocket.House house -> Optional.empty();
      case Pocket.Payable merchant -> Optional.empty();
    };
  }

  private static String pocket(Pocket pocket) {
    return switch (pocket) {
      case Pocket.Owned(Uin owner, Pocket.Kind kind) -> PocketName.of(kind);
      case Pocket.House house -> house.code();
      case Pocket.Payable merchant -> merchant.code();
    };
  }
}
