package io.yunfu.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// The runs of one series: a table shows the middle of their figures, the least and the most.
final class Runs {
  private final List<Measurement> all = new ArrayList<>();

  void add(Measurement run) {
    all.add(run);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /// The middle one of the runs; of an even number the mean of the two in the middle.
  double median(ToDoubleFunction<Measurement> figure) {
    return middle(sorted(figure));
  }

  /// The same of other figures.
  static double median(Collection<Double> figures) {
    return middle(figures.stream().mapToDouble(Double::doubleValue).sorted().toArray());
  }

  private static double middle(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  double least(ToDoubleFunction<Measurement> figure) {
    return sorted(figure)[0];
  }

  double most(ToDoubleFunction<Measurement> figure) {
    return sorted(figure)[all.size() - 1];
  }

  boolean deliver() {
    return all.stream().allMatch(run -> run.delivered().isPresent());
  }

  /// All that was not a right answer, over all runs.
  Map<String, Long> troubles() {
    Map<String, Long> sums = new TreeMap<>();
    all.forEach(run -> run.troubles().forEach((what, count) -> sums.merge(what, count, Long::sum)));
    return sums;
  }

  private double[] sorted(ToDoubleFunction<Measurement> figure) {
    return all.stream().mapToDouble(figure).sorted().toArray();
  }
}
