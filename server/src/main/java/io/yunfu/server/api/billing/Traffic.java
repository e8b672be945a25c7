package io.yunfu.server.api.billing;

import io.yunfu.billing.account.Caller;
import io.yunfu.server.http.RateLimiter;
import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.ErrorTemplate;
import java.util.List;
import java.util.function.LongSupplier;

/// Who may call from where, and how often. Limits hold per node: with several nodes behind a
/// balancer an account may have that many more.
final class Traffic {
  private static final String ALL_ACTIONS = "";

  private static final ErrorTemplate TOO_MANY_FROM_ACCOUNT =
      CommonErrors.UIN_LIMIT_EXCEEDED.saying(
          "`{0}` calls from this account in this second, the limit is `{1}`.",
          "该账号本秒内已调用 `{0}` 次,上限为 `{1}` 次。");
  private static final ErrorTemplate TOO_MANY_FROM_ADDRESS =
      CommonErrors.IP_LIMIT_EXCEEDED.saying(
          "`{0}` calls from this address in this second, the limit is `{1}`.",
          "该地址本秒内已调用 `{0}` 次,上限为 `{1}` 次。");

  private final TrafficRules rules;
  private final List<RateLimiter.Rule> perAddress;
  private final RateLimiter<String> addresses;
  private final RateLimiter<Long> accounts;

  Traffic(TrafficRules rules, LongSupplier nanos) {
    this.rules = rules;
    this.perAddress = List.of(new RateLimiter.Rule(ALL_ACTIONS, rules.perAddress()));
    this.addresses = new RateLimiter<>(nanos);
    this.accounts = new RateLimiter<>(nanos);
  }

  /// Before anything else is looked at.
  ///
  /// @throws io.yunfu.wire.tc3.ApiRefused when the address is not let in, or calls too often
  void admit(String address) {
    if (rules.blocked().contains(address)) {
      throw CommonErrors.IP_IN_BLACKLIST.refused();
    }
    if (!rules.allowed().isEmpty() && !rules.allowed().contains(address)) {
      throw CommonErrors.IP_NOT_IN_WHITELIST.refused();
    }
    addresses
        .ask(address, perAddress)
        .ifPresent(exceeded -> {
          throw TOO_MANY_FROM_ADDRESS.refused(exceeded.observed(), exceeded.rule().perSecond());
        });
  }

  /// Once it is known who calls: users share their owner's limits.
  ///
  /// @throws io.yunfu.wire.tc3.ApiRefused when the owner calls too often
  void admit(Caller caller, String action) {
    long uin = caller.owner().value();
    var limits =
        List.of(
            new RateLimiter.Rule(action, rules.perAction().perSecond(uin, action)),
            new RateLimiter.Rule(ALL_ACTIONS, rules.perAccount()));
    accounts
        .ask(uin, limits)
        .ifPresent(exceeded -> {
          boolean ofAction = exceeded.rule().name().equals(action);
          throw (ofAction ? CommonErrors.REQUEST_LIMIT_EXCEEDED : TOO_MANY_FROM_ACCOUNT)
              .refused(exceeded.observed(), exceeded.rule().perSecond());
        });
  }
}
