package io.yunfu.billing.agentpay;

import io.yunfu.billing.account.Edition;
import io.yunfu.kernel.Uin;

/// Why two accounts were not bound, or not unbound.
public sealed interface BindingRefused {
  record NoSuchAccount(Uin uin) implements BindingRefused {}

  /// An account is no payer, reseller, member or client of its own.
  record ItsOwn(Uin uin) implements BindingRefused {}

  /// Payments run in one cell; an account is put beside another when it is opened.
  record OtherCell(Uin one, Uin other) implements BindingRefused {}

  /// They would pay each other in different currencies.
  record OtherEdition(Edition one, Edition other) implements BindingRefused {}

  /// It has another payer or reseller already.
  record BoundAlready(Uin uin, Uin to) implements BindingRefused {}

  /// Nobody is payer and member, or reseller and client, at the same time; and nobody in a group
  /// has to do with resellers.
  record InTheWay(Uin uin, String because) implements BindingRefused {}

  record NotBound(Uin uin) implements BindingRefused {}
}
