package io.yunfu.simulator.alipay;

import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What differs between merchants' contracts, or may change with the channel.
///
/// @param notifies the states of which a trade's merchant is told when they are reached; refunds
///   are told always. By default only of a payment (channels.md, sections 4.7 and 4.10).
/// @param refundWindow how long after its payment a trade can be refunded; then it is finished
/// @param billReady from when on the bill of yesterday is there, in Beijing
record AlipaySettings(Set<TradeStatus> notifies, Duration refundWindow, LocalTime billReady) {
  static final AlipaySettings DEFAULT =
      new AlipaySettings(
          EnumSet.of(TradeStatus.TRADE_SUCCESS), Duration.ofDays(365), LocalTime.of(9, 0));

  private static final int LONGEST_WINDOW = 3650;

  AlipaySettings {
    notifies = Set.copyOf(notifies);
  }

  /// These, with what is given changed.
  AlipaySettings with(Fields fields) {
    Set<TradeStatus> states = EnumSet.noneOf(TradeStatus.class);
    for (String name : fields.texts("notifies")) {
      try {
        states.add(TradeStatus.valueOf(name));
      } catch (IllegalArgumentException e) {
        throw fields.wrong("notifies", "a list of trade states such as TRADE_CLOSED");
      }
    }
    Optional<LocalTime> ready =
        fields
            .text("bill_ready")
            .map(text -> {
              try {
                return LocalTime.parse(text);
              } catch (DateTimeException e) {
                throw fields.wrong("bill_ready", "a time of the day such as 09:00");
              }
            });
    return new AlipaySettings(
        fields.has("notifies") ? states : notifies,
        Duration.ofDays(
            fields.number("refund_window_days", (int) refundWindow.toDays(), 1, LONGEST_WINDOW)),
        ready.orElse(billReady));
  }

  ObjectNode describe() {
    ObjectNode node = Json.object();
    ArrayNode states = node.putArray("notifies");
    notifies.stream().sorted().map(TradeStatus::name).forEach(states::add);
    return node.put("refund_window_days", refundWindow.toDays())
        .put("bill_ready", billReady.toString());
  }
}
