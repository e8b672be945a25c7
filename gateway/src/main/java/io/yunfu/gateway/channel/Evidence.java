package io.yunfu.gateway.channel;

import java.time.Duration;

/// What is kept of one call to a channel, for the attempt record. Never holds a secret: keys,
/// tokens and signatures are masked.
///
/// @param operation the channel's name of the call: `unifiedorder`, `alipay.trade.create`
/// @param host that was asked last
/// @param httpStatus 0 when there was no answer
/// @param verified whether the answer was signed by the channel and about our question
/// @param answer the raw text, masked and cut to [#LONGEST]
/// @param took from the first byte to the decision, retries inside the call included
public record Evidence(
    String operation,
    String host,
    int httpStatus,
    boolean verified,
    String answer,
    int tries,
    Duration took) {
  public static final int LONGEST = 8_000;
}
