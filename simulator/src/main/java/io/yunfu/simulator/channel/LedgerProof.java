package io.yunfu.simulator.channel;

import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.simulator.ledger.Ledger;
import java.util.List;
import java.util.Map;

/// Two books that know nothing of each other, held against each other: what the channels' order
/// books say was paid and given back, and what the ledger says has moved.
///
/// @param sum of all balances; nothing, since every posting is in balance
/// @param holds whether all of it is right
public record LedgerProof(
    boolean holds, Money sum, List<Line> merchants, Map<String, Money> balances, long postings) {

  /// `paid − refunded = change + fees`.
  ///
  /// @param change of the merchant's balance since it was opened
  /// @param fees that the channel has kept
  public record Line(
      String channel,
      String merchant,
      Money paid,
      Money refunded,
      Money change,
      Money fees,
      boolean holds) {}

  /// To be called in a step.
  public static LedgerProof of(Ledger ledger, List<Channel> channels) {
    List<Line> lines =
        channels.stream()
            .flatMap(channel ->
                channel.turnovers().stream().map(turnover -> line(ledger, channel, turnover)))
            .toList();
    Map<String, Money> balances = ledger.balances();
    Money sum = balances.values().stream().reduce(Money.zero(Currency.CNY), Money::plus);
    boolean holds = sum.isZero() && lines.stream().allMatch(Line::holds);
    return new LedgerProof(holds, sum, lines, balances, ledger.count());
  }

  private static Line line(Ledger ledger, Channel channel, Turnover turnover) {
    Money change = ledger.change(turnover.merchantAccount());
    Money fees = ledger.change(turnover.feeAccount());
    boolean holds = turnover.paid().minus(turnover.refunded()).equals(change.plus(fees));
    return new Line(
        channel.name(),
        turnover.merchant(),
        turnover.paid(),
        turnover.refunded(),
        change,
        fees,
        holds);
  }
}
