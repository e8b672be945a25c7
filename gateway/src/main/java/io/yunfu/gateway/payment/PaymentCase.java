package io.yunfu.gateway.payment;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Something that a person has to look at.
///
/// @param payment empty when it is about no order of ours
/// @param merchant the sub-merchant's number
/// @param reconciliation of a bill: the day that it was found in
/// @param remark what the person who closed it said; empty while it is open
public record PaymentCase(
    long id,
    Kind kind,
    Optional<Long> payment,
    Optional<String> outTradeNo,
    Optional<Long> merchant,
    Optional<Long> refund,
    Optional<Long> reconciliation,
    String detail,
    Instant openedAt,
    Optional<Instant> closedAt,
    Optional<String> closedBy,
    String remark) {

  /// Which cases an operator wants to see.
  ///
  /// @param merchant a sub-merchant's number; 0: of all
  /// @param payment an order's number in the installation; 0: of all
  public record Filter(boolean openOnly, Optional<Kind> kind, long merchant, long payment) {
    /// All that are open.
    public static final Filter OPEN = new Filter(true, Optional.empty(), 0, 0);
  }

  /// What has happened.
  public enum Kind {
    /// Paid after it was closed or had expired.
    LATE_PAYMENT,
    /// Paid a second time.
    DOUBLE_PAYMENT,
    /// The channel's amount or number is not ours.
    MISMATCH,
    /// The payer's bank sent a refund back.
    REFUND_ABNORMAL,
    /// The channel has never heard of a refund, or does not say what became of it.
    REFUND_LOST,
    /// Money went back to the payer, and not by us.
    CHANNEL_REFUND,
    /// The channel says that our set-up there is wrong.
    MISCONFIGURED,
    /// Looks are over, and the end is not known.
    UNRESOLVED,
    /// A bill has a payment or a refund that nobody here knows.
    BILL_UNKNOWN,
    /// A bill has it as paid, and the channel, when it is asked, does not say so.
    BILL_UNCONFIRMED,
    /// It is in no bill, though it was to be.
    BILL_ABSENT,
    /// A bill has another amount, another merchant, another currency or another end.
    BILL_DIFFERS,
    /// A bill has it twice.
    BILL_DUPLICATE,
    /// A bill has not come, does not add up, or is not what it was.
    BILL_UNUSABLE;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind parse(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }
}
