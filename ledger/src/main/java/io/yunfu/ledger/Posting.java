package io.yunfu.ledger;

import static io.yunfu.kernel.Check.require;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One balanced movement of money. Never changed once written: a mistake is put right by a second
/// posting that reverses it.
///
/// @param id from the cell's id source; a second posting with the same id is refused by the
///   database, so whoever repeats a step must repeat its id
/// @param kind the vendor's ledger vocabulary (billing 2018-07-09, `billing.md` section 4.3)
/// @param actor who caused it: a uin, or `operator:NAME`
/// @param requestId finds the log line
/// @param legs may be empty: a payment of nothing still happened
public record Posting(
    long id, Kind kind, String actor, String requestId, String memo, Instant at, List<Leg> legs) {

  /// What kind of movement it is.
  public enum Kind {
    RECHARGE("recharge"),
    DEDUCT("deduct"),
    RETURN("return"),
    TRANSFER("transfer"),
    ADJUST("adjust"),
    /// A channel has collected a payment for a merchant of the gateway.
    COLLECT("collect"),
    /// Money of such a payment went back to its payer.
    REFUND("refund");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }

    static Kind parse(String code) {
      for (Kind kind : values()) {
        if (kind.code.equals(code)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind of posting: " + code);
    }
  }

  /// Which ones to list.
  ///
  /// @param from inclusive
  /// @param until exclusive
  public record Filter(Optional<Kind> kind, Instant from, Instant until) {
    /// PostgreSQL's own infinities are no instants.
    public static final Filter ALL =
        new Filter(
            Optional.empty(),
            Instant.parse("2000-01-01T00:00:00Z"),
            Instant.parse("9999-12-31T00:00:00Z"));
  }

  public Posting {
    legs = List.copyOf(legs);
    require(id > 0, "a posting's id is positive, not %d", id);
    require(legs.size() <= Short.MAX_VALUE, "a posting has too many legs: %d", legs.size());
    require(
        legs.stream().map(leg -> leg.amount().currency()).distinct().count() <= 1,
        "posting %d mixes currencies",
        id);
  }

  Posting with(List<Leg> newLegs) {
    return new Posting(id, kind, actor, requestId, memo, at, newLegs);
  }

  /// The posting that takes this one back.
  public Posting reversed(long newId, Instant when, String newActor, String newRequestId) {
    var back =
        legs.stream()
            .map(leg -> new Leg(leg.credit(), leg.debit(), leg.amount(), leg.subject()))
            .toList();
    return new Posting(newId, kind, newActor, newRequestId, "reverses " + id, when, back);
  }
}
