package io.yunfu.simulator.channel;

import io.yunfu.simulator.http.Reply;

/// What a channel answers.
///
/// @param verdict `OK`, or the channel's code for what is wrong
public record Answer(Reply reply, String verdict) {}
