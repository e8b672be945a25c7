package io.yunfu.simulator.notice;

import io.yunfu.simulator.fault.Effect;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/// A notice before it is queued.
///
/// @param kind of the notice, such as `pay` or `refund`
/// @param number of the order, as the merchant names it
/// @param body the bytes that are sent, the same at each delivery
/// @param gaps between the deliveries; there is one delivery more than gaps
/// @param judge tells an acknowledgement from anything else
/// @param effects the faults that were drawn for it; those on the content are in the body already
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Draft(
    String channel,
    String kind,
    String number,
    URI target,
    String contentType,
    byte[] body,
    List<Duration> gaps,
    Acknowledgement judge,
    List<Effect> effects) {
  public Draft {
    gaps = List.copyOf(gaps);
    effects = List.copyOf(effects);
  }
}
