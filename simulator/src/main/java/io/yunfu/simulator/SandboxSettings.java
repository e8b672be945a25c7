package io.yunfu.simulator;

import io.yunfu.simulator.admin.AdminApi;
import io.yunfu.simulator.channel.Latency;
import io.yunfu.simulator.clock.Timeline;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.notice.NoticeSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How a simulator is to be. All that is not set has a default that suits a test: loopback, free
/// ports, the system's clock, answers at once.
///
/// @param seed from which all ids and keys come
/// @param host the address to listen on
/// @param ports 0, and what is not named, is a free one
/// @param clock how simulated time runs
/// @param factor how much faster than the real one, in mode `SCALED`
/// @param now what the simulated clock says at first; the real time if it is not given
/// @param latency of both channels' answers
/// @param credentials where certificates and keys for clients are written; nowhere if not given
/// @param requestsKept how many requests are remembered with their bytes
/// @param journal where every request is written down; nowhere if not given
/// @param configuration users, and per channel its merchants and habits, as in a configuration file
public record SandboxSettings(
    long seed,
    String host,
    Map<Port, Integer> ports,
    Timeline.Mode clock,
    double factor,
    Optional<Instant> now,
    NoticeSettings notices,
    Latency latency,
    Optional<Path> credentials,
    int requestsKept,
    Optional<Path> journal,
    JsonNode configuration) {

  public static final SandboxSettings DEFAULT =
      new SandboxSettings(
          1,
          "127.0.0.1",
          Map.of(),
          Timeline.Mode.SYSTEM,
          1,
          Optional.empty(),
          NoticeSettings.DEFAULT,
          new Latency.None(),
          Optional.empty(),
          5_000,
          Optional.empty(),
          Json.object());

  public SandboxSettings {
    ports = Map.copyOf(ports);
  }

  /// Reads a configuration file: docs/operating/simulator.md lists its keys.
  ///
  /// @throws io.yunfu.simulator.json.BadInput if it makes no sense
  public static SandboxSettings read(JsonNode file) {
    Fields fields = Fields.of(file);
    SandboxSettings settings = DEFAULT.withSeed(fields.number("seed", DEFAULT.seed));
    settings = settings.withHost(fields.text("host", DEFAULT.host));
    Optional<Fields> ports = fields.object("ports");
    if (ports.isPresent()) {
      for (Port listener : Port.values()) {
        settings = settings.withPort(listener, ports.get().number(listener.label(), 0, 0, 65535));
      }
      ports.get().done();
    }
    Optional<Fields> clock = fields.object("clock");
    if (clock.isPresent()) {
      double factor = clock.get().decimal("factor").orElse(1);
      if (!(factor > 0)) {
        throw clock.get().wrong("factor", "positive");
      }
      settings =
          settings.withClock(
              clock.get().choice("mode", Timeline.Mode.class).orElse(DEFAULT.clock),
              factor,
              clock.get().instant("now"));
      clock.get().done();
    }
    Optional<Fields> notify = fields.object("notify");
    if (notify.isPresent()) {
      settings =
          settings.withNotices(AdminApi.noticeSettings(notify.get(), NoticeSettings.DEFAULT));
    }
    settings = settings.withLatency(Latency.parse(fields.text("latency", "none")));
    settings =
        settings.withRequestsKept(
            fields.number("requests_kept", DEFAULT.requestsKept, 0, 1_000_000));
    Optional<String> journal = fields.text("journal");
    if (journal.isPresent()) {
      settings = settings.withJournal(Path.of(journal.get()));
    }
    for (String name : List.of("users", "strangers", "wechat", "alipay")) {
      var _ = fields.any(name); // read by those whom it concerns, at each reset
    }
    fields.done();
    return settings.withConfiguration(file);
  }

  public SandboxSettings withSeed(long changed) {
    return new SandboxSettings(
        changed,
        host,
        ports,
        clock,
        factor,
        now,
        notices,
        latency,
        credentials,
        requestsKept,
        journal,
        configuration);
  }

  public SandboxSettings withHost(String changed) {
    return new SandboxSettings(
        seed,
        changed,
        ports,
        clock,
        factor,
        now,
        notices,
        latency,
        credentials,
        requestsKept,
        journal,
        configuration);
  }

  public SandboxSettings withPort(Port listener, int port) {
    var changed = new EnumMap<Port, Integer>(Port.class);
    changed.putAll(ports);
    changed.put(listener, port);
    return new SandboxSettings(
        seed,
        host,
        changed,
        clock,
        factor,
        now,
        notices,
        latency,
        credentials,
        requestsKept,
        journal,
        configuration);
  }

  public SandboxSettings withClock(Timeline.Mode mode, double by, Optional<Instant> start) {
    return new SandboxSettings(
        seed,
        host,
        ports,
        mode,
        by,
        start,
        notices,
        latency,
        credentials,
        requestsKept,
        journal,
        configuration);
  }

  /// A clock that stands at this time until it is moved.
  public SandboxSettings withManualClock(Instant start) {
    return withClock(Timeline.Mode.MANUAL, 1, Optional.of(start));
  }

  public SandboxSettings withNotices(NoticeSettings changed) {
    return new SandboxSettings(
        seed,
        host,
        ports,
        clock,
        factor,
        now,
        changed,
        latency,
        credentials,
        requestsKept,
        journal,
        configuration);
  }

  public SandboxSettings withLatency(Latency changed) {
    return new SandboxSettings(
        seed,
        host,
        ports,
        clock,
        factor,
        now,
        notices,
        changed,
        credentials,
        requestsKept,
        journal,
        configuration);
  }

  public SandboxSettings withCredentials(Path directory) {
    return new SandboxSettings(
        seed,
        host,
        ports,
        clock,
        factor,
        now,
        notices,
        latency,
        Optional.of(directory),
        requestsKept,
        journal,
        configuration);
  }

  public SandboxSettings withRequestsKept(int changed) {
    return new SandboxSettings(
        seed,
        host,
        ports,
        clock,
        factor,
        now,
        notices,
        latency,
        credentials,
        changed,
        journal,
        configuration);
  }

  public SandboxSettings withJournal(Path file) {
    return new SandboxSettings(
        seed,
        host,
        ports,
        clock,
        factor,
        now,
        notices,
        latency,
        credentials,
        requestsKept,
        Optional.of(file),
        configuration);
  }

  public SandboxSettings withConfiguration(JsonNode changed) {
    return new SandboxSettings(
        seed,
        host,
        ports,
        clock,
        factor,
        now,
        notices,
        latency,
        credentials,
        requestsKept,
        journal,
        changed);
  }
}
