package io.yunfu.gateway.reconcile;

import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.payment.Position;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/// One day of one account at a channel.
///
/// @param account as the channel numbers it
/// @param day in Beijing
/// @param detail why there is no bill that can be used; empty otherwise
/// @param run how often the bill was asked for
/// @param sha256 of the bill that was believed
/// @param sums that bill's own
/// @param open differences that are neither settled nor decided by a person
/// @param dueAt when it is taken next; empty: nothing is left to do
public record Reconciliation(
    long id,
    PayPlatform platform,
    String account,
    LocalDate day,
    State state,
    String detail,
    int run,
    Optional<String> sha256,
    Optional<Bill.Sums> sums,
    long open,
    Instant createdAt,
    Optional<Instant> askedAt,
    Optional<Instant> readAt,
    Optional<Instant> dueAt) {

  /// How far it has come.
  public enum State {
    /// The bill is still to come.
    DUE,
    /// The bill was read, and held against the books.
    READ,
    /// The channel has none, and there is nothing here that would be in it.
    EMPTY,
    /// A bill came and cannot be used, or the channel refuses to give one.
    UNUSABLE,
    /// It has not come in time.
    MISSING,
    /// It was read, and came again as another one.
    CHANGED;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State parse(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  /// Whether nothing of the day is left to anybody.
  public boolean isClosed() {
    return (state == State.READ || state == State.EMPTY) && open == 0;
  }

  /// Where a list goes on.
  public Position position() {
    return new Position(createdAt, id);
  }

  /// Which days an operator wants to see.
  ///
  /// @param account empty: all
  /// @param openOnly only those that are not closed
  public record Filter(
      Optional<PayPlatform> platform,
      Optional<String> account,
      Optional<LocalDate> day,
      Optional<State> state,
      boolean openOnly) {
    public static final Filter ALL =
        new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }
}
