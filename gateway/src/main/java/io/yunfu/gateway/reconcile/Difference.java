package io.yunfu.gateway.reconcile;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/// What a bill and the books do not agree on.
///
/// @param day of the bill
/// @param caseId what a person sees of it
/// @param transactionId the channel's number of the payment, or empty
public record Difference(
    long id,
    long reconciliation,
    LocalDate day,
    Kind kind,
    State state,
    Optional<Long> payment,
    Optional<Long> refund,
    String transactionId,
    String outTradeNo,
    String outRefundNo,
    String detail,
    Optional<Long> caseId,
    Instant foundAt,
    Optional<Instant> settledAt) {

  /// The classes of `channels.md` section 8.3; what is equal, and bills that cannot be used, are
  /// none of them.
  public enum Kind {
    /// Only in the bill; the order is known, and not paid by it.
    B1,
    /// Only in the bill; nobody here knows it.
    B2,
    /// A payment that is in no bill.
    C1,
    /// A refund that is in no bill.
    C2,
    /// Another amount.
    D1,
    /// Another sub-merchant, app id or currency.
    D2,
    /// Another status.
    D3,
    /// A second payment of one number, or the same one twice.
    E1,
    /// The same refund twice.
    E2,
    /// Another fee.
    G,
    /// A refund that has not ended for days.
    R;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind parse(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  /// What is left to do.
  public enum State {
    /// Somebody has to look at it, unless the channel settles it.
    OPEN,
    /// For the bill of the next day, in which it may be.
    WAITS,
    /// Nothing: it is only shown.
    NOTED,
    SETTLED;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State parse(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }
}
