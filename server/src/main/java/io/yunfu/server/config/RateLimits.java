package io.yunfu.server.config;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// How many calls of one action an account may make in a second. The most special rule wins: this
/// account and action, then this account, then this action, then the default. 0 means no limit.
///
/// @param accounts by `UIN` for each action of an account, or by `UIN.ACTION`
public record RateLimits(
    int byDefault, Map<String, Integer> actions, Map<String, Integer> accounts) {
  /// What an action's name looks like.
  static final String ACTION = "[A-Z][A-Za-z0-9]{0,63}";

  /// A uin, and after a dot maybe an action.
  static final String ACCOUNT = "[1-9][0-9]{0,18}(\\." + ACTION + ")?";

  public RateLimits {
    actions = Map.copyOf(actions);
    accounts = Map.copyOf(accounts);
  }

  /// The rule for one account and one action.
  ///
  /// @return calls per second; 0 for no limit
  public int perSecond(long uin, String action) {
    Integer limit = null;
    if (!accounts.isEmpty()) {
      String account = Long.toString(uin);
      limit = accounts.get(account + '.' + action);
      limit = limit != null ? limit : accounts.get(account);
    }
    limit = limit != null ? limit : actions.get(action);
    return limit != null ? limit : byDefault;
  }

  /// Every action that a rule names, with the key that names it, so that the API can refuse those
  /// it does not have.
  Map<String, Set<String>> namedActions() {
    Map<String, Set<String>> named = new HashMap<>();
    actions.keySet().forEach(action -> add(named, action, "rate-limit.actions." + action));
    accounts
        .keySet()
        .forEach(account -> {
          int dot = account.indexOf('.');
          if (dot > 0) {
            add(named, account.substring(dot + 1), "rate-limit.accounts." + account);
          }
        });
    return named;
  }

  private static void add(Map<String, Set<String>> named, String action, String key) {
    named.computeIfAbsent(action, _ -> new LinkedHashSet<>()).add(key);
  }
}
