package io.yunfu.simulator.channel;

import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a fault asks of the content of an answer: the channel does it, since only the channel can
/// sign the result.
public record Twists(List<Effect> effects) {
  public static final Twists NONE = new Twists(List.of());

  public Twists {
    effects = List.copyOf(effects);
  }

  public Optional<Effect.SignFault> sign() {
    return Faults.first(effects, Effect.Sign.class).map(Effect.Sign::fault);
  }

  public List<Effect.Mutate> mutations() {
    if (effects.isEmpty()) {
      return List.of();
    }
    return effects.stream()
        .filter(Effect.Mutate.class::isInstance)
        .map(Effect.Mutate.class::cast)
        .toList();
  }

  /// How wrong the channel's clock is where it checks the times of callers.
  public Duration clockSkew() {
    return Faults.first(effects, Effect.ClockSkew.class)
        .map(Effect.ClockSkew::by)
        .orElse(Duration.ZERO);
  }
}
