package io.yunfu.channels;

/// What to make of a code that a channel answers: the action classes of `channels.md` section 1.2,
/// told apart as far as connectors need it. For connectors, which have the tables of codes.
public enum Meaning {
  /// Done, or known, or done before.
  DONE,
  /// The channel stumbled: the same number with the same content may be sent again; then nobody
  /// knows (RS).
  REPEAT,
  /// Too many calls, or refused at the door for the moment: the same, but not soon (RS).
  LATER,
  /// Nobody knows before the channel is asked (QF).
  ASK,
  /// Ask; if that shows nothing, a person must act (QF else FU).
  ASK_ELSE_ACT,
  /// The channel has such a number already, perhaps with other content: ask, and the answer shows
  /// whether another number is needed (QF, NN).
  ASK_ELSE_NEW_NUMBER,
  /// There is no such order or refund.
  ABSENT,
  /// The number is dead (NN).
  NEW_NUMBER,
  /// The caller's parameters are wrong (FP).
  WRONG,
  /// Payer, merchant or operator must act (FU).
  ACT,
  /// They must act, and then the same number may be sent again.
  ACT_THEN_REPEAT,
  /// Our configuration at the channel, or the merchant's, is at fault (FU, and an alert).
  ALERT,
  /// No answer at all, or none that proves anything.
  SILENT,
  /// In no table of ours.
  UNLISTED
}
