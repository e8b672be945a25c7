package io.yunfu.gateway.notice;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// One thing that a merchant is told.
///
/// @param refund empty: it tells of a payment
/// @param attempts that were begun, over all its life
/// @param resentAfter of these, how many were before somebody had it sent again: its schedule
///   begins anew there
/// @param lastError of the last attempt; empty when there is none
public record MerchantNotice(
    long id,
    long payment,
    Optional<Long> refund,
    long merchant,
    State state,
    int attempts,
    int resentAfter,
    Instant dueAt,
    String lastError,
    Instant createdAt,
    Optional<Instant> endedAt) {

  /// How many attempts its schedule has seen.
  public int turn() {
    return attempts - resentAfter;
  }

  /// How far it has come.
  public enum State {
    QUEUED,
    /// Acknowledged.
    DELIVERED,
    /// Its schedule has ended; a person can send it again.
    UNDELIVERED;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State parse(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  /// One try.
  ///
  /// @param httpStatus 0 when there was no answer
  public record Attempt(
      int number, Instant startedAt, int tookMillis, int httpStatus, String outcome) {}
}
