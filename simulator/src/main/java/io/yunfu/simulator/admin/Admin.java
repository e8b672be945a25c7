package io.yunfu.simulator.admin;

import io.yunfu.simulator.channel.Channel;
import io.yunfu.simulator.channel.Latency;
import io.yunfu.simulator.channel.Surroundings;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/// What the admin API works on.
///
/// @param latency of both channels, at the moment
/// @param reset empties the world and begins anew
/// @param description what was printed at the start
public record Admin(
    Surroundings world,
    List<Channel> channels,
    AtomicReference<Latency> latency,
    Runnable reset,
    java.util.function.Supplier<JsonNode> description) {
  public Admin {
    channels = List.copyOf(channels);
  }
}
