package io.yunfu.simulator.channel;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.Optional;

/// An order that a user may pay.
///
/// @param reference by which the cashier is asked for it
/// @param number the merchant's number
/// @param title what the user reads
/// @param merchant whom the user pays, for people
/// @param payer the user that the order was made for, if it was made for one
/// @param state in the channel's words
/// @param open whether it can be paid now
public record Payable(
    String channel,
    String reference,
    String number,
    String title,
    String merchant,
    Money amount,
    Optional<String> payer,
    String state,
    boolean open,
    Instant created) {}
