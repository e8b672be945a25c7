package io.yunfu.bench;

import io.yunfu.bench.load.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// The runs of one contender with one workload.
final class Series {
  private final String title;
  private final Workload workload;
  private final int clients;
  private final Pace pace;
  private final Contender contender;
  private final List<Measurement> runs = new ArrayList<>();

  Series(String title, Workload workload, int clients, Pace pace, Contender contender) {
    this.title = title;
    this.workload = workload;
    this.clients = clients;
    this.pace = pace;
    this.contender = contender;
  }

  String title() {
    return title;
  }

  Workload workload() {
    return workload;
  }

  int clients() {
    return clients;
  }

  Pace pace() {
    return pace;
  }

  Contender contender() {
    return contender;
  }

  void add(Measurement run) {
    runs.add(run);
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /// The middle one of the runs; of an even number the mean of the two in the middle.
  double median(ToDoubleFunction<Measurement> figure) {
    double[] sorted = sorted(figure);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  double least(ToDoubleFunction<Measurement> figure) {
    return sorted(figure)[0];
  }

  double most(ToDoubleFunction<Measurement> figure) {
    return sorted(figure)[runs.size() - 1];
  }

  long payments() {
    return runs.stream().mapToLong(Measurement::payments).sum();
  }

  boolean delivers() {
    return runs.stream().allMatch(run -> run.delivered().isPresent());
  }

  /// All that was not a right answer, over all runs.
  Map<String, Long> troubles() {
    Map<String, Long> all = new TreeMap<>();
    runs.forEach(run -> run.troubles().forEach((what, count) -> all.merge(what, count, Long::sum)));
    return all;
  }

  private double[] sorted(ToDoubleFunction<Measurement> figure) {
    return runs.stream().mapToDouble(figure).sorted().toArray();
  }
}
