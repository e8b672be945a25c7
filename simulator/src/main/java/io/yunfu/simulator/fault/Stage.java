package io.yunfu.simulator.fault;

/// Where on the way an effect takes place; a rule is only tried at the stage of its effect.
public enum Stage {
  /// A listener, before anything has arrived.
  LISTEN,
  /// A call of the channel's API.
  CALL,
  /// A user pays.
  PAY,
  /// A refund is accepted.
  REFUND,
  /// A notice is queued.
  NOTICE,
  /// A bill is drawn up.
  BILL
}
