package io.yunfu.gateway.payment;

import java.time.Instant;
import java.util.Optional;

/// One question to a channel, and what came of it.
///
/// @param account in whose name it was asked; empty in records of earlier versions
/// @param state `sent` while no answer is known
/// @param deadline by when an answer was waited for; empty in records of earlier versions
/// @param tookMillis from the first byte to the decision
/// @param answer masked
public record ChannelAttempt(
    long id,
    Optional<Long> refund,
    String operation,
    String account,
    String state,
    Instant sentAt,
    Optional<Instant> deadline,
    Optional<Instant> endedAt,
    String host,
    int httpStatus,
    boolean verified,
    int tries,
    int tookMillis,
    String code,
    String answer) {}
