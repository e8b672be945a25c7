package io.yunfu.gateway.payment;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Something that a person has to look at.
///
/// @param merchant the sub-merchant's number
/// @param remark what the person who closed it said; empty while it is open
public record PaymentCase(
    long id,
    Kind kind,
    long payment,
    String outTradeNo,
    long merchant,
    Optional<Long> refund,
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
    UNRESOLVED;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind parse(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }
}
