package io.yunfu.gateway.channel;

/// What a channel has to say of a day that is over: its bill. The lines of a bill are handed on one
/// by one while it is read, since a day can have millions; whoever takes them believes them only
/// once the bill has turned out to be a [Statement].
///
/// Source: `channels.md` sections 2.12, 4.11, 8.1, 8.2.
public sealed interface Bill {
  /// Whole, of this day, of this merchant; its lines add up to its own summary.
  ///
  /// @param sha256 in hex, of the lines as they came: two bills of one day that differ differ here.
  ///   The frame around them, in which Alipay says when it was printed, is left out
  record Statement(String sha256, Sums sums) implements Bill {}

  /// There is none: not yet, or because nothing has happened that day.
  record None(String why) implements Bill {}

  /// It came, and cannot be used: it does not add up, cannot be read, or is about something else.
  ///
  /// @param why for the operator; names columns, shows no values
  record Unusable(String why) implements Bill {}

  /// The channel's own summary: what was paid less what went back. Unit: fen.
  ///
  /// @param rows payments and refunds
  /// @param amount as ordered
  /// @param settlement what the merchants get of it, before the fee
  /// @param fee what the channel keeps; unit: a thousandth of a fen
  record Sums(long rows, long amount, long settlement, long fee) {}
}
