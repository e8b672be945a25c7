package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.kernel.Uin;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/// What an HTTP provider is told about a deal. The same at every attempt.
///
/// @param info descriptive pairs, as the JSON text that was ordered
record ProviderRequest(
    DealId deal,
    BigDealId bigDeal,
    Uin owner,
    String productCode,
    String subProductCode,
    String action,
    int quantity,
    BigDecimal timeSpan,
    String timeUnit,
    String zoneCode,
    long projectId,
    String info,
    List<String> targets,
    String resourcePrefix,
    Instant paidAt) {}
