package io.yunfu.bench;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What came out when the receipts of the callers were held against the channel's book of orders.
///
/// @param acknowledged orders that callers got a prepare id for
/// @param placed orders in the channel's book
/// @param lost acknowledged, but not in the book
/// @param unacknowledged in the book, but no caller got a right answer
record ChannelBook(long acknowledged, long placed, long lost, long unacknowledged) {

  /// Holds receipts against the book.
  ///
  /// @param placed the numbers of all orders there
  static ChannelBook compare(Receipts receipts, List<Long> placed) {
    Set<Long> there = new TreeSet<>(placed);
    long acknowledged = there.stream().filter(receipts::isAcknowledged).count();
    return new ChannelBook(
        receipts.acknowledged(),
        placed.size(),
        receipts.acknowledged() - acknowledged,
        placed.size() - acknowledged);
  }

  /// Whether the book holds each acknowledged order once, and no other.
  boolean isGood() {
    return lost == 0 && unacknowledged == 0 && acknowledged > 0;
  }
}
