package io.yunfu.gateway.channel;

import io.yunfu.kernel.Money;
import java.util.Optional;

/// An order that the channel was told of.
///
/// @param transactionId the channel's number, once known
/// @param signType what the order's create call was signed with: answers and notices of the order
///   must use it too (WeChat Pay); empty for Alipay
public record OrderReference(
    String outTradeNo,
    Optional<String> transactionId,
    Money total,
    Optional<ChannelAccount.SignType> signType) {}
