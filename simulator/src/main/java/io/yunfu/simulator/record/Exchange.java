package io.yunfu.simulator.record;

import io.yunfu.simulator.fault.Effect;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request of a channel's API and what became of it.
///
/// @param body the bytes that arrived
/// @param number of the order that it is about; null when it could not be told
/// @param signText what the signature is computed over, as the server put it together, without the
///   key; null when it did not come to that
/// @param verdict `OK`, or the channel's code for what is wrong
/// @param effects the faults that were applied
/// @param status null when nothing was answered
/// @param answer the bytes that were answered; what a fault does to them on their way is not in
///   them
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Exchange(
    String id,
    Instant at,
    String channel,
    String listener,
    String method,
    String target,
    byte[] body,
    String op,
    @Nullable String number,
    List<String> merchants,
    @Nullable String signText,
    String verdict,
    List<Effect> effects,
    @Nullable Integer status,
    byte[] answer) {
  public Exchange {
    merchants = List.copyOf(merchants);
    effects = List.copyOf(effects);
  }
}
