package io.yunfu.simulator.record;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The last requests, and counts of all.
public final class RequestLog {
  private final int kept;
  private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>();
  private final Map<Count, Long> counts = new TreeMap<>();

  /// What is counted.
  public record Count(String channel, String op, String verdict) implements Comparable<Count> {
    @Override
    public int compareTo(Count other) {
      return toString().compareTo(other.toString());
    }
  }

  /// Nothing yet.
  ///
  /// @param kept how many are remembered
  public RequestLog(int kept) {
    this.kept = kept;
  }

  public synchronized void add(Exchange exchange) {
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

  public synchronized Map<Count, Long> counts() {
    return new TreeMap<>(counts);
  }

  public synchronized void reset() {
    exchanges.clear();
    counts.clear();
  }
}
