package io.yunfu.channels.alipay;

/// What to make of a code that Alipay answers: the action classes of `channels.md` section 1.2,
/// told apart as far as this package needs it.
enum Meaning {
  /// Done, or known (10000).
  DONE,
  /// Alipay stumbled: the same number with the same content may be sent again; then nobody knows
  /// (RS).
  REPEAT,
  /// Refused at the door for the moment, and nothing has happened: later (RS).
  LATER,
  /// Nobody knows before the channel is asked (QF).
  ASK,
  /// Ask; if that shows nothing, a person must act (QF else FU).
  ASK_ELSE_ACT,
  /// Alipay has such a refund, with other content: ask; if it is ours, another number is needed
  /// (QF, NN).
  ASK_ELSE_NEW_NUMBER,
  /// There is no such trade.
  ABSENT,
  /// The number is dead (NN).
  NEW_NUMBER,
  /// The caller's parameters are wrong (FP).
  WRONG,
  /// Payer, merchant or operator must act (FU).
  ACT,
  /// They must act, and then the same number may be sent again.
  ACT_THEN_REPEAT,
  /// Our configuration at Alipay, or the merchant's, is at fault (FU, and an alert).
  ALERT,
  /// No answer at all, or none that proves anything.
  SILENT,
  /// In no table of ours.
  UNLISTED
}
