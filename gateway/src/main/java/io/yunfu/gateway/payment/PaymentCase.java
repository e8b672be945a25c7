package io.yunfu.gateway.payment;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Something that a person has to look at.
public record PaymentCase(
    long id,
    Kind kind,
    long payment,
    String outTradeNo,
    Optional<Long> refund,
    String detail,
    Instant openedAt,
    Optional<Instant> closedAt,
    Optional<String> closedBy) {

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
