package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_ACCOUNT;
import static io.yunfu.server.api.admin.AccountsArea.UIN;
import static io.yunfu.server.api.admin.BalanceArea.HOLD_ENDED;
import static io.yunfu.server.api.admin.BalanceArea.MORE_THAN_HELD;
import static io.yunfu.server.api.admin.BalanceArea.NOT_AVAILABLE;
import static io.yunfu.server.api.admin.BalanceArea.NO_SUCH_HOLD;
import static io.yunfu.server.api.admin.BalanceArea.OTHER_CURRENCY;
import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.balance.Booked;
import io.yunfu.billing.balance.Holds;
import io.yunfu.billing.balance.Statements;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Hold;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Money set aside, until it is taken or given back.
final class HoldsArea implements Area {
  private static final Scalar<String> WORDS = Types.text(500);
  private static final Scalar<Hold.State> STATE =
      Types.choice(Arrays.asList(Hold.State.values()), Hold.State::code);

  /// A hold knows no currency: it is its account's.
  private record Listed(Hold hold, Currency currency) {}

  private static final Form<Listed> HOLD =
      Form.<Listed>of("Hold", "Money set aside.")
          .with("id", Types.ROW_ID, "Its number.", listed -> listed.hold.id())
          .with("uin", Types.UIN, "The account.", listed -> listed.hold.owner())
          .with("amount", Amounts.CENTS, "What is set aside.", listed -> listed.hold.cents())
          .with("currency", Types.CURRENCY, "Of the amount.", Listed::currency)
          .with("state", STATE, "Where it stands.", listed -> listed.hold.state())
          .with("reason", WORDS, "Why, for people.", listed -> listed.hold.reason())
          .with(
              "subject",
              WORDS,
              "What it is held for: a resource, say.",
              listed -> listed.hold.subject())
          .with("createdAt", Types.INSTANT, "When.", listed -> listed.hold.createdAt())
          .maybe(
              "endedAt",
              Types.INSTANT,
              "When it was captured or released.",
              listed -> Optional.ofNullable(listed.hold.endedAt()));

  private static final Field.Must<Long> ID = must("hold", Types.ROW_ID, "The number of the hold.");
  private static final Field.Must<String> REASON = must("reason", WORDS, "Why, for people.").or("");
  private static final Field.Must<String> SUBJECT =
      must("subject", WORDS, "What it is held for: a resource, say.").or("");
  private static final Field.Must<String> MEMO =
      must("memo", WORDS, "For the statement: what was used.").or("");
  private static final Field.May<Hold.State> STATE_IS =
      may("state", STATE, "Only those that stand so.");

  private final Holds holds;
  private final Statements statements;
  private final Form<Holds.Held> held;
  private final Form<Booked> booked;

  HoldsArea(Holds holds, Statements statements, InstantSource clock) {
    this.holds = holds;
    this.statements = statements;
    var balance = BalanceArea.form(clock);
    this.held =
        Form.<Holds.Held>of("Held", "A hold, and the account after it.")
            .with("hold", Types.ROW_ID, "The number of the hold.", Holds.Held::hold)
            .with("balance", balance, "What the account has now.", Holds.Held::balance);
    this.booked = BalanceArea.bookedForm(balance);
  }

  @Override
  public String name() {
    return "holds";
  }

  @Override
  public String about() {
    return "Money of accounts that is set aside.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post("holds.create", "/accounts/{uin}/holds", "Sets money aside.")
            .path(UIN)
            .body(Amounts.AMOUNT, Amounts.CURRENCY, REASON, SUBJECT)
            .example(
                """
                {"amount": 2000, "currency": "CNY", "reason": "pay as you go", "subject": "ins-1a2b3c4d"}\
                """)
            .repeatable()
            .refuses(NO_SUCH_ACCOUNT, OTHER_CURRENCY, NOT_AVAILABLE)
            .creates(held)
            .by(this::create),
        Operation.get(
                "holds.list",
                "/accounts/{uin}/holds",
                "Lists the holds of an account, newest first.")
            .path(UIN)
            .query(STATE_IS)
            .refuses(NO_SUCH_ACCOUNT)
            .pages(
                HOLD,
                Cursor.number(),
                listed -> listed.hold.id(),
                "id",
                "amount",
                "currency",
                "state",
                "reason",
                "subject",
                "createdAt")
            .by((call, part) -> {
              Uin uin = call.get(UIN);
              Currency currency = BalanceArea.existing(statements, uin).currency();
              return holds.list(uin, call.get(STATE_IS), part.after(), part.limit()).stream()
                  .map(hold -> new Listed(hold, currency))
                  .toList();
            }),
        Operation.post(
                "holds.capture",
                "/accounts/{uin}/holds/{hold}/capture",
                "Takes a hold or part of it, and gives back the rest.")
            .path(UIN, ID)
            .body(Amounts.AMOUNT, Amounts.CURRENCY, MEMO)
            .example("{\"amount\": 1500, \"currency\": \"CNY\", \"memo\": \"42 hours\"}")
            .repeatable()
            .refuses(
                NO_SUCH_ACCOUNT,
                NO_SUCH_HOLD,
                HOLD_ENDED,
                MORE_THAN_HELD,
                OTHER_CURRENCY,
                NOT_AVAILABLE)
            .answers(booked)
            .by(this::capture),
        Operation.post(
                "holds.release", "/accounts/{uin}/holds/{hold}/release", "Gives a hold back.")
            .path(UIN, ID)
            .refuses(NO_SUCH_ACCOUNT, NO_SUCH_HOLD, HOLD_ENDED)
            .answers(held)
            .by(call ->
                Answers.done(
                    holds.release(call.operator(), call.get(UIN), call.get(ID)),
                    BalanceArea::spelt)));
  }

  private Holds.Held create(Call call) {
    var command =
        new Holds.Create(
            call.get(UIN), Amounts.of(call), call.get(REASON), call.get(SUBJECT), call.key());
    return Answers.done(holds.create(call.operator(), command), BalanceArea::spelt);
  }

  private Booked capture(Call call) {
    var command =
        new Holds.Capture(
            call.get(UIN), call.get(ID), Amounts.of(call), call.get(MEMO), call.key());
    return Answers.done(holds.capture(call.operator(), command), BalanceArea::spelt);
  }
}
