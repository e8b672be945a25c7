package io.yunfu.simulator.conformance;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.http.Port;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

/// The life of an order, as every client walks through it: where, when, and who pays.
final class Walk {
  static final String USER = "alice";

  /// How long to wait at most until the bill of a day is there.
  static final Duration UNTIL_BILL = Duration.ofHours(34);

  /// Simulated time that a walk takes at most.
  private static final Duration LENGTH = Duration.ofMinutes(30);

  private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

  private Walk() {}

  /// A clock that stands. Clients stamp what they sign with the real time, which may be a little
  /// off; and a walk must not pass midnight, for it is to stand in one bill.
  ///
  /// @param mayBeOff how far the real time may be from the simulated one
  static SandboxSettings settings(Duration mayBeOff) {
    Instant now = Instant.now();
    boolean late = !day(now.plus(LENGTH)).equals(day(now));
    return SandboxSettings.DEFAULT.withManualClock(late ? now.minus(mayBeOff) : now);
  }

  static LocalDate day(Sandbox sandbox) {
    return day(sandbox.clock().now());
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, BEIJING);
  }

  /// What the scripts are told about it.
  static Map<String, Object> input(Sandbox sandbox, Port channel, Path credentials) {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("admin", sandbox.base(Port.ADMIN));
    input.put("channel", sandbox.base(channel));
    input.put("credentials", credentials.toString());
    input.put("user", USER);
    input.put("until_bill_seconds", UNTIL_BILL.toSeconds());
    return input;
  }
}
