package io.yunfu.simulator.record;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The last requests, and counts of all. With a journal, older ones too, also of former runs.
public final class RequestLog implements AutoCloseable {
  private final int kept;
  private final Optional<Journal> journal;
  private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>();
  private final Map<Count, Long> counts = new HashMap<>();

  /// What is counted.
  public record Count(String channel, String op, String verdict) implements Comparable<Count> {
    @Override
    public int compareTo(Count other) {
      return toString().compareTo(other.toString());
    }
  }

  /// Nothing yet, but for what a journal holds.
  ///
  /// @param kept how many are remembered, and how many are shown out of the journal
  public RequestLog(int kept, Optional<Journal> journal) {
    this.kept = kept;
    this.journal = journal;
  }

  /// Remembers one.
  ///
  /// @throws java.io.UncheckedIOException if it cannot be written to the journal: what is not there
  ///   must not be believed to be there
  public synchronized void add(Exchange exchange) {
    journal.ifPresent(each -> each.add(exchange.json()));
    counts.merge(new Count(exchange.channel(), exchange.op(), exchange.verdict()), 1L, Long::sum);
    if (kept > 0) {
      exchanges.addLast(exchange);
      if (exchanges.size() > kept) {
        exchanges.removeFirst();
      }
    }
  }

  /// All that are remembered, oldest first.
  public synchronized List<Exchange> all() {
    return new ArrayList<>(exchanges);
  }

  /// Those about a number: of an order, as the caller names it.
  public synchronized List<Exchange> about(String number) {
    return exchanges.stream().filter(each -> number.equals(each.number())).toList();
  }

  /// The last requests for people, oldest first: out of the journal if there is one, else out of
  /// the memory.
  ///
  /// @param number of the order that they are about; none for all
  public synchronized List<JsonNode> history(Optional<String> number) {
    if (journal.isPresent()) {
      return journal
          .get()
          .last(
              kept,
              each ->
                  number.filter(text -> !text.equals(each.path("number").asString(""))).isEmpty());
    }
    return number.map(this::about).orElseGet(this::all).stream().map(Exchange::json).toList();
  }

  public synchronized Map<Count, Long> counts() {
    return new TreeMap<>(counts);
  }

  /// Forgets all of them; the journal is emptied.
  public synchronized void reset() {
    exchanges.clear();
    counts.clear();
    journal.ifPresent(Journal::clear);
  }

  @Override
  public synchronized void close() {
    journal.ifPresent(Journal::close);
  }
}
