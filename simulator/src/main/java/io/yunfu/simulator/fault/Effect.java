package io.yunfu.simulator.fault;

import java.time.Duration;
import java.util.Optional;

/// What goes wrong. The catalogue of channels.md, section 7.7; [Effects] reads it from JSON.
public sealed interface Effect {
  default Stage stage() {
    return switch (this) {
      case Refuse e -> Stage.LISTEN;
      case Delay e -> Stage.CALL;
      case Reset e -> Stage.CALL;
      case Silence e -> Stage.CALL;
      case Http e -> Stage.CALL;
      case Failure e -> Stage.CALL;
      case Sign e -> Stage.CALL;
      case Mutate e -> Stage.CALL;
      case Garbage e -> Stage.CALL;
      case ClockSkew e -> Stage.CALL;
      case LatePayment e -> Stage.PAY;
      case DoublePayment e -> Stage.PAY;
      case RefundEnd e -> Stage.REFUND;
      case NotifyDrop e -> Stage.NOTICE;
      case NotifyDelay e -> Stage.NOTICE;
      case NotifyDup e -> Stage.NOTICE;
      case NotifyReorder e -> Stage.NOTICE;
      case NotifyMutate e -> Stage.NOTICE;
      case NotifySign e -> Stage.NOTICE;
      case NotifyExtra e -> Stage.NOTICE;
      case NotifyPayload e -> Stage.NOTICE;
      case Bill e -> Stage.BILL;
    };
  }

  /// Answers late.
  record Delay(Duration by) implements Effect {}

  /// Does not listen at all, for that long; connections are refused by the system.
  record Refuse(Duration lasting) implements Effect {}

  /// Breaks the connection off instead of answering.
  ///
  /// @param commit whether the call takes effect before
  record Reset(boolean commit) implements Effect {}

  /// Never answers.
  ///
  /// @param commit whether the call takes effect before
  record Silence(boolean commit) implements Effect {}

  /// Answers with an error of HTTP.
  record Http(int status, String body, boolean commit) implements Effect {}

  /// Answers with an error of the channel, properly signed.
  ///
  /// @param code such as `SYSTEMERROR`, `20000`, `ACQ.SYSTEM_ERROR`
  /// @param text empty for the channel's usual one
  record Failure(String code, String text, boolean commit) implements Effect {}

  /// Signs the answer wrongly.
  record Sign(SignFault fault) implements Effect {}

  enum SignFault {
    BAD,
    MISSING,
    OTHER_ALG,
    OTHER_KEY,
    LOWER_CASE
  }

  /// Changes a field of the answer, before it is signed.
  ///
  /// @param value none: the field is left out
  record Mutate(String field, Optional<String> value) implements Effect {}

  /// Spoils the answer on its way.
  record Garbage(GarbageKind kind) implements Effect {}

  enum GarbageKind {
    /// Half of the announced bytes, then the end.
    TRUNCATED,
    /// Status 200 and nothing.
    EMPTY,
    /// A byte order mark before the text.
    BOM,
    /// The text in another encoding than announced.
    GBK,
    /// 50 MB of white space around the text.
    HUGE,
    /// A byte per second.
    SLOW,
    /// In pieces of a few bytes; correct, and to be understood.
    CHUNKED,
    /// Said to be compressed, which it is not.
    GZIP_HEADER
  }

  /// The channel's own clock is wrong by that much where it checks times of callers.
  record ClockSkew(Duration by) implements Effect {}

  /// A payment goes through although the order is closed or expired.
  record LatePayment() implements Effect {}

  /// A second payment goes through for the same number.
  ///
  /// @param user who pays the second time; none: the same as before
  record DoublePayment(Optional<String> user) implements Effect {}

  /// A refund is accepted and then does not end well.
  record RefundEnd(RefundEnding ending) implements Effect {}

  enum RefundEnding {
    /// The money cannot be given back; somebody has to see to it.
    CHANGE,
    /// The refund is off, the merchant has its money again.
    CLOSE
  }

  /// Deliveries that are lost on the way, counted against the schedule as failed ones.
  ///
  /// @param deliveries how many; 0 for all
  record NotifyDrop(int deliveries) implements Effect {}

  record NotifyDelay(Duration by) implements Effect {}

  /// Delivers so many times at once.
  record NotifyDup(int copies) implements Effect {}

  record NotifyReorder(ReorderKind kind) implements Effect {}

  enum ReorderKind {
    /// Holds the notice of the payment back until one of a refund was delivered.
    REFUND_BEFORE_PAY,
    /// Delivers the notice once more after a newer one for the same number.
    OLD_AFTER_NEW
  }

  /// Changes a field of the notice, before it is signed.
  record NotifyMutate(String field, Optional<String> value) implements Effect {}

  record NotifySign(NotifySignFault fault) implements Effect {}

  enum NotifySignFault {
    BAD,
    MISSING,
    STALE_KEY,
    MD5_FOR_HMAC_ORDER
  }

  /// Adds fields that nobody has heard of, correctly signed.
  ///
  /// @param coupons so many coupons with their numbered fields
  record NotifyExtra(int coupons) implements Effect {}

  /// Sends what no parser should fall for.
  record NotifyPayload(PayloadKind kind) implements Effect {}

  enum PayloadKind {
    XXE,
    BILLION_LAUGHS,
    DEEP,
    BIG
  }

  record Bill(BillFault fault) implements Effect {}

  enum BillFault {
    MISSING_ROW,
    EXTRA_ROW,
    AMOUNT,
    STATUS,
    DUPLICATE,
    SUMMARY_WRONG,
    NO_BILL,
    LATE,
    COMMA_IN_NAME,
    BACKTICK_IN_NAME,
    NEWLINE_IN_NAME,
    BOM,
    NO_BOM,
    CRLF,
    LF,
    GBK_NAME
  }
}
