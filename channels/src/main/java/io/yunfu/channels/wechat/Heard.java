package io.yunfu.channels.wechat;

import io.yunfu.channels.Meaning;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Evidence;
import java.util.Optional;

/// What one call has come to, repetitions included.
///
/// @param value what the answer says, when it is done or known
/// @param sent whether any byte of it may have arrived, at any try
/// @param code the channel's, or ours for what proves nothing
/// @param message for the caller, without secrets
record Heard<T>(
    Meaning meaning,
    Optional<T> value,
    boolean sent,
    String code,
    String message,
    Evidence evidence) {

  Answer<T> answer() {
    return switch (meaning) {
      case DONE, ABSENT ->
          value
              .<Answer<T>>map(known -> new Answer.Done<>(known, evidence))
              .orElseGet(this::unknown);
      case REPEAT, LATER, ASK, ASK_ELSE_ACT, ASK_ELSE_NEW_NUMBER, UNLISTED -> unknown();
      case SILENT -> sent ? unknown() : new Answer.NotSent<>(message, evidence);
      case NEW_NUMBER -> refused(Answer.Reason.NEEDS_NEW_NUMBER);
      case WRONG -> refused(Answer.Reason.WRONG_PARAMETERS);
      case ACT, ALERT -> refused(Answer.Reason.NEEDS_ACTION);
      case ACT_THEN_REPEAT -> refused(Answer.Reason.RESUMABLE);
    };
  }

  /// Whether the channel refuses, or would if it were not for a question first.
  boolean isRefusal() {
    return switch (meaning) {
      case NEW_NUMBER, WRONG, ACT, ALERT, ACT_THEN_REPEAT, ASK_ELSE_ACT -> true;
      case DONE, ABSENT, REPEAT, LATER, ASK, ASK_ELSE_NEW_NUMBER, UNLISTED, SILENT -> false;
    };
  }

  /// The same, after a second question in the same call.
  Heard<T> after(Evidence second) {
    var both =
        new Evidence(
            evidence.operation(),
            second.host(),
            second.httpStatus(),
            evidence.verified() && second.verified(),
            Masks.cut(evidence.answer() + "\n" + second.answer(), Evidence.LONGEST),
            evidence.tries() + second.tries(),
            second.took());
    return new Heard<>(meaning, value, sent, code, message, both);
  }

  Answer<T> unknown() {
    return new Answer.Unknown<>(code, message, evidence);
  }

  Answer<T> refused(Answer.Reason reason) {
    return new Answer.Refused<>(reason, code, message, meaning == Meaning.ALERT, evidence);
  }
}
