package io.yunfu.simulator.fault;

import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// When something goes wrong, and what.
///
/// @param op none: every operation
/// @param number of the order; none: every one
/// @param merchant the provider's or the sub-merchant's number; none: every one
/// @param nth only the nth time that all the rest fits, from 1; 0: every time
/// @param probability of each time that all the rest fits
/// @param times how often at most; 0: without end
/// @param effect what happens
/// @param spelling the effect as it was asked for
public record Rule(
    String id,
    Optional<String> channel,
    Optional<String> op,
    Optional<String> number,
    Optional<String> merchant,
    int nth,
    double probability,
    int times,
    Effect effect,
    JsonNode spelling) {

  /// Reads `{"channel", "op", "match": {"number", "mch", "nth", "probability"}, "times",
  /// "effect"}`.
  static Rule read(String id, Fields fields) {
    Fields match = fields.object("match").orElse(Fields.of(Json.object()));
    JsonNode spelling =
        fields.any("effect").orElseThrow(() -> fields.wrong("effect", "a name or an object"));
    if (spelling.isString()) {
      spelling = Json.object().put("kind", spelling.stringValue());
    }
    double probability = match.decimal("probability").orElse(1);
    if (!(probability >= 0 && probability <= 1)) {
      throw match.wrong("probability", "from 0 to 1");
    }
    Rule rule =
        new Rule(
            id,
            fields.text("channel"),
            fields.text("op"),
            match.text("number"),
            match.text("mch"),
            match.number("nth", 0, 0, Integer.MAX_VALUE),
            probability,
            fields.number("times", 0, 0, Integer.MAX_VALUE),
            Effects.read(Fields.of(spelling)),
            spelling);
    match.done();
    fields.done();
    return rule;
  }

  boolean fits(Occasion occasion) {
    return effect.stage() == occasion.stage()
        && (channel.isEmpty() || channel.get().equals(occasion.channel()))
        && (op.isEmpty() || op.get().equals(occasion.op()))
        && (number.isEmpty() || number.get().equals(occasion.number()))
        && (merchant.isEmpty() || occasion.merchants().contains(merchant.get()));
  }
}
