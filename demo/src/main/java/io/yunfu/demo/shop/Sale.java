package io.yunfu.demo.shop;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One sale, and what has happened to it so far.
///
/// @param number the order number at Cloud Pay
/// @param fen what it costs
record Sale(String number, Kind kind, Channel channel, long fen, State state, List<Step> steps) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// What is sold. The letter follows the prefix in the order number, so that a notice tells what
  /// it is about even to a shop that has been started anew.
  enum Kind {
    COFFEE("C"),
    TOP_UP("T");

    private final String letter;

    Kind(String letter) {
      this.letter = letter;
    }

    String letter() {
      return letter;
    }
  }

  enum State {
    /// The payer has not paid yet, as far as the shop knows.
    WAITING,
    /// A signed notice said so. Nothing else makes a sale paid.
    PAID,
    /// The call was refused.
    FAILED
  }

  /// What happened.
  ///
  /// @param name `called`, `returned`, `noticed` or `credited`
  record Step(String name, Instant at, JsonNode detail) {}

  Sale {
    steps = List.copyOf(steps);
  }

  static Sale begun(String number, Kind kind, Channel channel, long fen) {
    return new Sale(number, kind, channel, fen, State.WAITING, List.of());
  }

  Sale with(Step step) {
    var more = new ArrayList<>(steps);
    more.add(step);
    return new Sale(number, kind, channel, fen, state, more);
  }

  /// A paid sale stays paid.
  Sale in(State next) {
    return state == State.PAID ? this : new Sale(number, kind, channel, fen, next, steps);
  }

  boolean has(String step) {
    return steps.stream().anyMatch(each -> each.name.equals(step));
  }

  /// For the page.
  ObjectNode json() {
    var json =
        JSON.createObjectNode()
            .put("number", number)
            .put("kind", kind == Kind.COFFEE ? "coffee" : "topUp")
            .put("channel", channel.name().toLowerCase(Locale.ROOT))
            .put("fen", fen)
            .put("state", state.name().toLowerCase(Locale.ROOT));
    var list = json.putArray("steps");
    for (Step step : steps) {
      list.addObject()
          .put("name", step.name)
          .put("at", step.at.toString())
          .set("detail", step.detail);
    }
    return json;
  }
}
