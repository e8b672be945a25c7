package io.yunfu.gateway.merchant;

import java.time.Instant;

/// A shop as the operator sees it.
public record PlacedShop(Merchant.Shop shop, SubMerchantId subMerchant, Instant createdAt) {}
