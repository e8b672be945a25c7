package io.yunfu.simulator.fault;

import io.yunfu.simulator.fault.Effect.BillFault;
import io.yunfu.simulator.fault.Effect.GarbageKind;
import io.yunfu.simulator.fault.Effect.NotifySignFault;
import io.yunfu.simulator.fault.Effect.PayloadKind;
import io.yunfu.simulator.fault.Effect.RefundEnding;
import io.yunfu.simulator.fault.Effect.ReorderKind;
import io.yunfu.simulator.fault.Effect.SignFault;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.json.Fields;
import java.time.Duration;
import java.util.List;

/// Effects as they are spelt in JSON: `{"kind": "delay", "ms": 500}`, or only `"timeout_after"`.
final class Effects {
  /// All there are, for the complaint about one that is not.
  static final List<String> KINDS =
      List.of(
          "delay",
          "refuse",
          "reset_before",
          "reset_after",
          "timeout_before",
          "timeout_after",
          "http",
          "error",
          "sign",
          "mutate",
          "garbage",
          "clock_skew",
          "late_payment",
          "double_payment",
          "refund_change",
          "refund_close",
          "notify_drop",
          "notify_delay",
          "notify_dup",
          "notify_reorder",
          "notify_mutate",
          "notify_sign",
          "notify_extra",
          "notify_xxe",
          "notify_billion_laughs",
          "notify_deep",
          "notify_big",
          "bill");

  private Effects() {}

  static Effect read(Fields fields) {
    String kind = fields.needText("kind");
    Effect effect =
        switch (kind) {
          case "delay" -> new Effect.Delay(duration(fields));
          case "refuse" -> new Effect.Refuse(duration(fields));
          case "reset_before" -> new Effect.Reset(false);
          case "reset_after" -> new Effect.Reset(true);
          case "timeout_before" -> new Effect.Silence(false);
          case "timeout_after" -> new Effect.Silence(true);
          case "http" ->
              new Effect.Http(
                  fields.number("status", 502, 200, 599),
                  fields.text("body", "<html><body><h1>502 Bad Gateway</h1></body></html>"),
                  fields.flag("commit", false));
          case "error" ->
              new Effect.Failure(
                  fields.needText("code"), fields.text("text", ""), fields.flag("commit", false));
          case "sign" -> new Effect.Sign(need(fields, "fault", SignFault.class));
          case "mutate" -> new Effect.Mutate(fields.needText("field"), fields.text("value"));
          case "garbage" -> new Effect.Garbage(need(fields, "what", GarbageKind.class));
          case "clock_skew" ->
              new Effect.ClockSkew(Duration.ofSeconds(fields.number("seconds", 3600)));
          case "late_payment" -> new Effect.LatePayment();
          case "double_payment" -> new Effect.DoublePayment(fields.text("user"));
          case "refund_change" -> new Effect.RefundEnd(RefundEnding.CHANGE);
          case "refund_close" -> new Effect.RefundEnd(RefundEnding.CLOSE);
          case "notify_drop" -> new Effect.NotifyDrop(fields.number("deliveries", 0, 0, 100));
          case "notify_delay" -> new Effect.NotifyDelay(duration(fields));
          case "notify_dup" -> new Effect.NotifyDup(fields.number("copies", 2, 2, 1000));
          case "notify_reorder" -> new Effect.NotifyReorder(need(fields, "how", ReorderKind.class));
          case "notify_mutate" ->
              new Effect.NotifyMutate(fields.needText("field"), fields.text("value"));
          case "notify_sign" -> new Effect.NotifySign(need(fields, "fault", NotifySignFault.class));
          case "notify_extra" -> new Effect.NotifyExtra(fields.number("coupons", 0, 0, 10));
          case "notify_xxe" -> new Effect.NotifyPayload(PayloadKind.XXE);
          case "notify_billion_laughs" -> new Effect.NotifyPayload(PayloadKind.BILLION_LAUGHS);
          case "notify_deep" -> new Effect.NotifyPayload(PayloadKind.DEEP);
          case "notify_big" -> new Effect.NotifyPayload(PayloadKind.BIG);
          case "bill" -> new Effect.Bill(need(fields, "fault", BillFault.class));
          default -> throw fields.wrong("kind", "one of " + String.join(", ", KINDS));
        };
    fields.done();
    return effect;
  }

  private static Duration duration(Fields fields) {
    return fields.milliseconds("ms").orElseThrow(() -> fields.wrong("ms", "given"));
  }

  private static <E extends Enum<E>> E need(Fields fields, String name, Class<E> type) {
    return fields.choice(name, type).orElseThrow(() -> new BadInput(name + " is missing"));
  }
}
