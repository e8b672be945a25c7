package io.yunfu.simulator.admin;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.json.Fields;
import java.time.Duration;

/// What a user does, as it is spelt in JSON: `{"action": "pending", "ms": 500, "then": "fail"}`.
final class Actions {
  private Actions() {}

  static Action read(Fields fields) {
    String name = fields.text("action", "success");
    return switch (name) {
      case "success" -> new Action.Success();
      case "cancel" -> new Action.Cancel();
      case "insufficient" -> new Action.Insufficient();
      case "password_wrong" -> new Action.PasswordWrong();
      case "bank_error" -> new Action.BankError();
      case "pending" ->
          new Action.Pending(
              fields.milliseconds("ms").orElse(Duration.ofSeconds(5)),
              succeeds(fields.text("then", "success"), fields));
      case "coupon" ->
          new Action.Coupon(
              Money.cny(fields.number("fee", 1)), isCash(fields.text("type", "NO_CASH"), fields));
      default ->
          throw fields.wrong(
              "action",
              "success, cancel, insufficient, password_wrong, bank_error, pending or coupon");
    };
  }

  private static boolean succeeds(String then, Fields fields) {
    return switch (then) {
      case "success" -> true;
      case "fail" -> false;
      default -> throw fields.wrong("then", "success or fail");
    };
  }

  private static boolean isCash(String type, Fields fields) {
    return switch (type) {
      case "CASH" -> true;
      case "NO_CASH" -> false;
      default -> throw fields.wrong("type", "CASH or NO_CASH");
    };
  }
}
