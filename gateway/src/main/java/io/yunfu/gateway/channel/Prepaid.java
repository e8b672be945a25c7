package io.yunfu.gateway.channel;

/// An order that waits for its payer at the channel.
///
/// @param reference WeChat Pay: the prepay id; Alipay: the trade number
public record Prepaid(String reference) {}
