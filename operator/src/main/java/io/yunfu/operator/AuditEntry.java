package io.yunfu.operator;

import java.time.Instant;

/// One change that an operator made.
///
/// @param actor `operator:NAME`
/// @param action what was done, in dotted words: `account.open`, `balance.top-up`
/// @param subject to what: `account/100000000001`, `deal/…`
/// @param detail a JSON object, without secrets
public record AuditEntry(
    long id,
    Instant at,
    String actor,
    String action,
    String subject,
    String requestId,
    String detail) {

  /// Where a list goes on: after this entry, newest first.
  public record Position(Instant at, long id) {}

  public Position position() {
    return new Position(at, id);
  }
}
