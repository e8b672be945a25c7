package io.yunfu.gateway.payment;

import java.util.Optional;

/// What the caller said of a refund, kept as it was said.
///
/// @param reason as it is shown, who did it and by whose right included
/// @param nonce of the request; empty when it had none
/// @param own whether nobody asked for it: a late or a second payment goes back
public record RefundDetails(
    String reason,
    Optional<String> clientFlowId,
    Optional<String> refundAccount,
    OrderDetails.Terminal terminal,
    String nonce,
    boolean own) {}
