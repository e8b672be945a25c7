package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.AccountsArea.NO_SUCH_ACCOUNT;
import static io.yunfu.server.api.admin.AccountsArea.TOO_MANY;
import static io.yunfu.server.api.admin.AccountsArea.UIN;
import static io.yunfu.server.api.admin.BalanceArea.CREDIT_IN_USE;
import static io.yunfu.server.api.admin.BalanceArea.NO_SUCH_GRANT;
import static io.yunfu.server.api.admin.BalanceArea.OTHER_CURRENCY;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.balance.CreditLines;
import io.yunfu.billing.balance.TopUp;
import io.yunfu.kernel.Money;
import io.yunfu.ledger.Balance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// What accounts may spend beyond what they have.
final class CreditArea implements Area {
  private static final Field.Must<Long> LIMIT =
      must(
          "amount",
          Types.integer(0, TopUp.MOST),
          "The limit, in the smallest unit of the currency; 0 for no credit.");
  private static final Field.Must<Instant> STARTS_AT =
      must("startsAt", Types.INSTANT, "From then on it counts.");
  private static final Field.Must<Instant> ENDS_AT =
      must(
          "endsAt",
          Types.INSTANT,
          "From then on it is gone; what was spent of it is owed all the same.");
  private static final Field.Must<Long> GRANT =
      must("grant", Types.ROW_ID, "The number of the grant.");

  private final CreditLines credit;
  private final Form<Balance> balance;

  CreditArea(CreditLines credit, InstantSource clock) {
    this.credit = credit;
    this.balance = BalanceArea.form(clock);
  }

  @Override
  public String name() {
    return "credit";
  }

  @Override
  public String about() {
    return "Credit of accounts: the standing line, and grants for a time.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.put(
                "credit.set-limit",
                "/accounts/{uin}/credit-limit",
                "Sets the standing line of credit.")
            .path(UIN)
            .body(LIMIT, Amounts.CURRENCY)
            .example("{\"amount\": 500000, \"currency\": \"CNY\"}")
            .refuses(NO_SUCH_ACCOUNT, OTHER_CURRENCY, CREDIT_IN_USE)
            .answers(balance)
            .by(call ->
                Answers.done(
                    credit.setLimit(
                        call.operator(),
                        call.get(UIN),
                        Money.of(call.get(LIMIT), call.get(Amounts.CURRENCY))),
                    BalanceArea::spelt)),
        Operation.post("credit.grant", "/accounts/{uin}/credit-grants", "Gives credit for a time.")
            .path(UIN)
            .body(Amounts.AMOUNT, Amounts.CURRENCY, STARTS_AT, ENDS_AT)
            .example(
                """
                {"amount": 100000, "currency": "CNY",
                 "startsAt": "2026-11-01T00:00:00Z", "endsAt": "2026-12-01T00:00:00Z"}\
                """)
            .repeatable()
            .refuses(NO_SUCH_ACCOUNT, OTHER_CURRENCY, TOO_MANY)
            .creates(balance)
            .by(this::grant),
        Operation.delete(
                "credit.revoke",
                "/accounts/{uin}/credit-grants/{grant}",
                "Takes a grant back, or clears away one that has ended.")
            .path(UIN, GRANT)
            .refuses(NO_SUCH_ACCOUNT, NO_SUCH_GRANT, CREDIT_IN_USE)
            .answers(balance)
            .by(call ->
                Answers.done(
                    credit.revoke(call.operator(), call.get(UIN), call.get(GRANT)),
                    BalanceArea::spelt)));
  }

  private Balance grant(Call call) {
    if (!call.get(STARTS_AT).isBefore(call.get(ENDS_AT))) {
      throw call.wrong(ENDS_AT, "must be after startsAt", "必须晚于 startsAt");
    }
    var command =
        new CreditLines.Grant(
            call.get(UIN), Amounts.of(call), call.get(STARTS_AT), call.get(ENDS_AT), call.key());
    return Answers.done(credit.grant(call.operator(), command), BalanceArea::spelt);
  }
}
