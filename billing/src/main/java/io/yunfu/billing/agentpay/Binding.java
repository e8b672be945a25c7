package io.yunfu.billing.agentpay;

import io.yunfu.kernel.Uin;
import java.time.Instant;

/// Two accounts of which one pays for the other.
///
/// @param uin the member, or the client
/// @param payer the group payer, or the reseller
public record Binding(Uin uin, Uin payer, Instant createdAt) {}
