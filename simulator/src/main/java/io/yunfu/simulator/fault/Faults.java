package io.yunfu.simulator.fault;

import io.yunfu.simulator.clock.Timeline;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.seed.Seed;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// All rules in force, in the order in which they were added.
public final class Faults {
  /// Applications that are remembered.
  private static final int LOG_KEPT = 10_000;

  /// A rule with its counts.
  ///
  /// @param seen how often all but the count and the chance fitted
  /// @param applied how often it took place
  public record Counted(Rule rule, long seen, long applied) {}

  /// One time that a rule took place.
  public record Application(Instant at, String rule, Occasion occasion, JsonNode effect) {}

  private final Seed seed;
  private final Timeline timeline;
  private final Map<String, Counted> rules = new LinkedHashMap<>();
  private final ArrayDeque<Application> log = new ArrayDeque<>();
  private Consumer<Rule> listeners = _ -> {};
  private long count;

  public Faults(Seed seed, Timeline timeline) {
    this.seed = seed;
    this.timeline = timeline;
  }

  /// Who stops to listen when a rule asks for it. Such a rule takes place once, when it is added.
  public synchronized void listeners(Consumer<Rule> closing) {
    listeners = closing;
  }

  /// Adds a rule as it is spelt in JSON.
  ///
  /// @throws BadInput if it makes no sense
  public Rule add(Fields fields) {
    Rule rule;
    Consumer<Rule> closing;
    synchronized (this) {
      rule = Rule.read("f" + (count + 1), fields);
      boolean listening = rule.effect().stage() == Stage.LISTEN;
      if (listening && (rule.op().isPresent() || rule.number().isPresent())) {
        throw new BadInput("refuse concerns connections, and they have no op and no number");
      }
      count++;
      rules.put(rule.id(), new Counted(rule, listening ? 1 : 0, listening ? 1 : 0));
      if (!listening) {
        return rule;
      }
      log(
          rule,
          new Occasion(Stage.LISTEN, rule.channel().orElse(""), "", null, List.of(), rule.id()));
      closing = listeners;
    }
    closing.accept(rule); // outside, since it takes a while
    return rule;
  }

  /// The same from JSON text: `faults.add("{'channel': …}")` of tests, with either kind of quotes.
  public Rule add(String json) {
    return add(Fields.of(Json.read(json.replace('\'', '"'))));
  }

  public synchronized boolean remove(String id) {
    return rules.remove(id) != null;
  }

  public synchronized void clear() {
    rules.clear();
  }

  public synchronized void reset() {
    rules.clear();
    log.clear();
    count = 0;
  }

  public synchronized List<Counted> rules() {
    return new ArrayList<>(rules.values());
  }

  /// What has been applied, oldest first.
  public synchronized List<Application> log() {
    return new ArrayList<>(log);
  }

  /// The effects that take place on this occasion, which counts for every rule that fits.
  public synchronized List<Effect> take(Occasion occasion) {
    if (rules.isEmpty()) {
      return List.of();
    }
    List<Effect> effects = new ArrayList<>();
    for (Counted each : List.copyOf(rules.values())) {
      Rule rule = each.rule();
      if (!rule.fits(occasion) || (rule.times() > 0 && each.applied() >= rule.times())) {
        continue;
      }
      long seen = each.seen() + 1;
      boolean applies =
          (rule.nth() == 0 || rule.nth() == seen)
              && (rule.probability() >= 1
                  || seed.of("fault/" + rule.id()).happens(rule.probability()));
      rules.put(rule.id(), new Counted(rule, seen, each.applied() + (applies ? 1 : 0)));
      if (applies) {
        effects.add(rule.effect());
        log(rule, occasion);
      }
    }
    return effects;
  }

  private synchronized void log(Rule rule, Occasion occasion) {
    log.addLast(new Application(timeline.now(), rule.id(), occasion, rule.spelling()));
    if (log.size() > LOG_KEPT) {
      log.removeFirst();
    }
  }

  /// The first of a kind among effects.
  public static <E extends Effect> Optional<E> first(List<Effect> effects, Class<E> kind) {
    for (Effect effect : effects) {
      if (kind.isInstance(effect)) {
        return Optional.of(kind.cast(effect));
      }
    }
    return Optional.empty();
  }
}
