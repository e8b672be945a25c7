package io.yunfu.bench;

import io.yunfu.bench.load.Calls;
import io.yunfu.bench.load.Load;
import io.yunfu.bench.load.LoadGenerator;
import io.yunfu.bench.load.Outcome;
import io.yunfu.bench.load.Pace;
import io.yunfu.bench.machine.CpuTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator.SplittableGenerator;

/// Puts the server under load for one run: warms up, then measures.
///
/// @param random draws the moments of an open model
record ServerLoad(Served server, Meter meter, Plan plan, SplittableGenerator random) {
  /// Those who ask the same, with connections of their own.
  record Crowd(int connections, int threads, Pace pace, Calls calls) {}

  /// What a run has come to.
  ///
  /// @param usage in the window
  /// @param growth of the count in the window
  /// @param beside what the others saw, in the order in which they were given
  record Window(Outcome outcome, Meter.Usage usage, long growth, List<Outcome> beside) {
    Window {
      beside = List.copyOf(beside);
    }
  }

  /// The same against another server.
  ServerLoad against(Served other) {
    return new ServerLoad(other, meter, plan, random.split());
  }

  /// One run.
  ///
  /// @param count is asked at both ends of the window
  /// @throws IllegalStateException when the server has ended meanwhile
  Window run(int connections, Pace pace, Calls calls, LongSupplier count)
      throws InterruptedException {
    return run(new Crowd(connections, plan.threads(), pace, calls), List.of(), count);
  }

  /// One run with others who ask at the same time.
  Window run(Crowd main, List<Crowd> beside, LongSupplier count) throws InterruptedException {
    List<LoadGenerator> others = new ArrayList<>();
    try (var generator = start(main)) {
      for (Crowd crowd : beside) {
        others.add(start(crowd));
      }
      generator.awaitWindow();
      long countBefore = count.getAsLong();
      var begin = read();
      generator.awaitWindowEnd();
      var end = read();
      long countAfter = count.getAsLong();
      Outcome outcome = generator.finish();
      List<Outcome> outcomes = new ArrayList<>();
      for (LoadGenerator other : others) {
        outcomes.add(other.finish());
      }
      if (!server.isAlive()) {
        throw new IllegalStateException("the server has ended: " + server.lastWords());
      }
      return new Window(outcome, end.since(begin), countAfter - countBefore, outcomes);
    } finally {
      others.forEach(LoadGenerator::close);
    }
  }

  private LoadGenerator start(Crowd crowd) {
    var load =
        new Load(
            server.address(),
            crowd.connections(),
            crowd.threads(),
            crowd.pace(),
            plan.warmUp(),
            plan.measured());
    return LoadGenerator.start(load, crowd.calls(), random.split());
  }

  private Meter.Reading read() {
    return meter.read(server::cpuTime, ServerLoad::ownCpuTime);
  }

  /// All of this process: signing, sending, judging, and what the Java machine needs for it.
  private static Duration ownCpuTime() {
    return CpuTime.of(ProcessHandle.current());
  }
}
