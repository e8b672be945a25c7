package io.yunfu.billing.account;

import io.yunfu.kernel.CellId;
import java.time.Instant;

/// An owner account as the operator sees it: where it lives, and since when.
public record Account(Owner owner, CellId cell, Instant createdAt) {}
