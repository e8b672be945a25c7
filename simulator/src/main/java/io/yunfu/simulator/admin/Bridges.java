package io.yunfu.simulator.admin;

import io.yunfu.simulator.seed.Seed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Pages that wait for the channel's app, with what they will be told.
final class Bridges {
  /// Pages that are remembered.
  private static final int KEPT = 10_000;

  /// Where it stands.
  enum State {
    OPEN,
    /// The page is told the result.
    DONE,
    /// The app was closed; the page is told nothing.
    GONE
  }

  /// One page.
  ///
  /// @param result null until it is done
  record Waiting(
      String id, String channel, String reference, State state, @Nullable JsonNode result) {}

  private final Seed seed;
  private final Map<String, Waiting> pages =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Waiting> eldest) {
          return size() > KEPT;
        }
      };

  Bridges(Seed seed) {
    this.seed = seed;
  }

  synchronized Waiting open(String channel, String reference) {
    var page = new Waiting("b-" + seed.of("bridge").hex(16), channel, reference, State.OPEN, null);
    pages.put(page.id(), page);
    return page;
  }

  synchronized Optional<Waiting> find(String id) {
    return Optional.ofNullable(pages.get(id));
  }

  /// Tells every page that waits for this payment.
  synchronized void tell(String channel, String reference, JsonNode result) {
    end(channel, reference, State.DONE, result);
  }

  /// Leaves them without an answer.
  synchronized void leave(String channel, String reference) {
    end(channel, reference, State.GONE, null);
  }

  synchronized void clear() {
    pages.clear();
  }

  private void end(String channel, String reference, State state, @Nullable JsonNode result) {
    pages.replaceAll((id, page) ->
        page.state() == State.OPEN
                && page.channel().equals(channel)
                && page.reference().equals(reference)
            ? new Waiting(id, channel, reference, state, result)
            : page);
  }
}
