package io.yunfu.simulator.people;

import java.util.Map;

/// Somebody who pays.
///
/// @param name how tests and the cashier call this user; unique
/// @param display for people
/// @param openids the user's ids per WeChat application; for others one is derived
/// @param alipayUserId sixteen digits that begin with 2088
/// @param alipayOpenId for Alipay applications that were switched to open ids
/// @param creditOnly pays by credit card and has nothing else
/// @param frozen may neither pay nor be paid back
/// @param needsPassword is asked for a password at every payment by code
public record User(
    String name,
    String display,
    Map<String, String> openids,
    String alipayUserId,
    String alipayOpenId,
    boolean creditOnly,
    boolean frozen,
    boolean needsPassword) {
  public User {
    openids = Map.copyOf(openids);
  }

  /// The user's purse in the ledger; both channels pay from it.
  public String account() {
    return "user/" + name;
  }
}
