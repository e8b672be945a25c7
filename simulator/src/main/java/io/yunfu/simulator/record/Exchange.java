package io.yunfu.simulator.record;

import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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

  /// For people and for the journal. Bytes stand there twice: as text, and exactly, in Base64.
  public JsonNode json() {
    ObjectNode node =
        Json.object()
            .put("id", id)
            .put("at", at.toString())
            .put("channel", channel)
            .put("listener", listener)
            .put("method", method)
            .put("target", target)
            .put("op", op)
            .put("number", number)
            .put("body", new String(body, StandardCharsets.UTF_8))
            .put("body_base64", Base64.getEncoder().encodeToString(body))
            .put("sign_text", signText)
            .put("verdict", verdict)
            .put("status", status)
            .put("answer", new String(answer, StandardCharsets.UTF_8));
    node.set("merchants", Json.array(merchants));
    node.set("effects", Json.array(effects.stream().map(Object::toString).toList()));
    return node;
  }
}
