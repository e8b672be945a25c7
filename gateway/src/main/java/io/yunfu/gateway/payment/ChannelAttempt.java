package io.yunfu.gateway.payment;

import java.time.Instant;
import java.util.Optional;

/// One question to a channel, and what came of it.
///
/// @param state `sent` while no answer is known
/// @param tookMillis from the first byte to the decision
/// @param answer masked
public record ChannelAttempt(
    long id,
    Optional<Long> refund,
    String operation,
    String state,
    Instant sentAt,
    Optional<Instant> endedAt,
    String host,
    int httpStatus,
    boolean verified,
    int tries,
    int tookMillis,
    String code,
    String answer) {}
