package io.yunfu.gateway.channel;

import java.util.function.Function;

/// What came back from a channel. A silence is not a refusal: the payer may have paid.
///
/// @param <T> what a channel says when it has done, or knows, what was asked
public sealed interface Answer<T> {
  Evidence evidence();

  /// Verified: signed by the channel, about this merchant and this number.
  record Done<T>(T value, Evidence evidence) implements Answer<T> {}

  /// Final: the channel will not do it, and money did not move. Only from a verified answer, or
  /// from one that the channel refuses at the door.
  ///
  /// @param code the channel's own
  /// @param message for the caller: what the channel said, without secrets
  /// @param alert whether our configuration at the channel is at fault, and the operator must act
  record Refused<T>(Reason reason, String code, String message, boolean alert, Evidence evidence)
      implements Answer<T> {}

  /// Nobody knows yet: no answer, an unverified one, or one that says so. Ask the channel again, or
  /// send the same number with the same content again.
  record Unknown<T>(String code, String message, Evidence evidence) implements Answer<T> {}

  /// The request never left: the same number can be sent later, and nothing has happened.
  record NotSent<T>(String message, Evidence evidence) implements Answer<T> {}

  /// The same with what is made of the value; an answer without one stays as it is.
  default <R> Answer<R> map(Function<T, R> maker) {
    return switch (this) {
      case Done<T>(T value, Evidence evidence) -> new Done<>(maker.apply(value), evidence);
      case Refused<T>(var reason, var code, var message, boolean alert, var evidence) ->
          new Refused<>(reason, code, message, alert, evidence);
      case Unknown<T>(String code, String message, Evidence evidence) ->
          new Unknown<>(code, message, evidence);
      case NotSent<T>(String message, Evidence evidence) -> new NotSent<>(message, evidence);
    };
  }

  /// Why a channel refuses. Source: the action classes of `channels.md` section 1.2.
  enum Reason {
    /// This number is dead; the caller must use a new one (NN).
    NEEDS_NEW_NUMBER,
    /// The caller's parameters are wrong (FP).
    WRONG_PARAMETERS,
    /// The channel does not know the order that is to be refunded (FP).
    NO_SUCH_ORDER,
    /// Payer, merchant or operator must act (FU).
    NEEDS_ACTION,
    /// Needs action, and after it the same number may be sent again: a seller's balance is too low.
    RESUMABLE
  }
}
