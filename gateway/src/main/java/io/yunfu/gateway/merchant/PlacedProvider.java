package io.yunfu.gateway.merchant;

import io.yunfu.kernel.CellId;
import java.time.Instant;

/// A provider as the operator sees it: without its key.
public record PlacedProvider(
    ProviderId id,
    CellId cell,
    String name,
    boolean active,
    Merchant.NoticeSettings notices,
    Instant createdAt,
    long number) {}
