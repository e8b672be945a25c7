package io.yunfu.simulator.wechat;

import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Where the real channel does one thing or the other.
///
/// @param close what a close within five minutes does
/// @param refundAfter how long a refund is on its way
/// @param billReady when the bill of a day is there, on the next one, Beijing time
/// @param emptyBill whether a day without rows has a bill that says so
/// @param billMark whether bills begin with a byte order mark
record Behaviour(
    Close close, Duration refundAfter, LocalTime billReady, boolean emptyBill, boolean billMark) {

  /// Source: channels.md, section 7.3, rule 6.
  enum Close {
    /// Closes.
    LENIENT,
    /// Says that it has, and leaves the order open.
    STRICT
  }

  static final Behaviour DEFAULT =
      new Behaviour(Close.STRICT, Duration.ofSeconds(3), LocalTime.of(9, 0), false, true);

  /// Reads `{"close", "refund_after_ms", "bill_ready", "empty_bill", "bill_mark"}`.
  Behaviour read(Fields fields) {
    LocalTime ready =
        fields
            .text("bill_ready")
            .map(text -> {
              try {
                return LocalTime.parse(text);
              } catch (DateTimeException e) {
                throw fields.wrong("bill_ready", "a time of the day such as 09:00");
              }
            })
            .orElse(billReady);
    return new Behaviour(
        fields.choice("close", Close.class).orElse(close),
        fields.milliseconds("refund_after_ms").orElse(refundAfter),
        ready,
        fields.flag("empty_bill", emptyBill),
        fields.flag("bill_mark", billMark));
  }

  JsonNode describe() {
    return Json.object()
        .put("close", close.name().toLowerCase(Locale.ROOT))
        .put("refund_after_ms", refundAfter.toMillis())
        .put("bill_ready", billReady.toString())
        .put("empty_bill", emptyBill)
        .put("bill_mark", billMark);
  }
}
