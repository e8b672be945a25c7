package io.yunfu.simulator.wechat;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.notice.NoticeSettings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A simulator of its own for each test, with a clock that stands at noon in Beijing.
abstract class SandboxTest {
  static final Instant NOON = Instant.parse("2026-01-01T04:00:00Z");

  Sandbox sandbox;
  Provider provider;

  @BeforeEach
  final void start() {
    sandbox = Sandbox.start(settings());
    provider = new Provider(sandbox);
  }

  @AfterEach
  final void stop() {
    sandbox.close();
  }

  SandboxSettings settings() {
    // Nobody listens for notices here, and nobody waits for them either.
    return SandboxSettings.DEFAULT
        .withManualClock(NOON)
        .withNotices(
            new NoticeSettings(NoticeSettings.Mode.MANUAL, 1, Duration.ofSeconds(5), true));
  }

  void advance(Duration by) {
    sandbox.clock().advance(by);
  }
}
