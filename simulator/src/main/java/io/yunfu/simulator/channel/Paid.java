package io.yunfu.simulator.channel;

import tools.jackson.databind.JsonNode;

/// What became of a payment.
///
/// @param pageResult what the channel's app tells the page: `{"err_msg": …}`, `{"resultCode": …}`
/// @param state of the order, in the channel's words
/// @param text for the user
public record Paid(boolean succeeded, JsonNode pageResult, String state, String text) {}
