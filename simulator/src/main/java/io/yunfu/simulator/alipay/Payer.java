package io.yunfu.simulator.alipay;

import io.yunfu.simulator.people.User;

/// Someone who pays, as merchants see them.
record Payer(User user) {
  private static final int SHOWN = 3;

  /// How the payer logs in, as far as merchants may know: `ali***@example.test`.
  String logonId() {
    String name = user.name();
    return name.substring(0, Math.min(SHOWN, name.length())) + "***@example.test";
  }

  /// From where the money comes, in the channel's words.
  String fundChannel() {
    return user.creditOnly() ? "BANKCARD" : "ALIPAYACCOUNT";
  }

  /// Whether the merchant bars the only thing that the user can pay with.
  boolean isBarredBy(Terms terms) {
    return user.creditOnly()
        && terms.barred().stream()
            .anyMatch(each -> each.equals("creditCard") || each.equals("credit_group"));
  }
}
