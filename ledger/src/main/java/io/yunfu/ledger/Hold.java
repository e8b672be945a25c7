package io.yunfu.ledger;

import io.yunfu.kernel.Uin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Money set aside: held, then either captured or released, once.
///
/// @param endedAt null while it is held
public record Hold(
    long id,
    Uin owner,
    long cents,
    String state,
    String reason,
    String subject,
    Instant createdAt,
    @Nullable Instant endedAt) {}
