package io.yunfu.acceptance;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// The operator's console, as a person meets it: in Chromium, against the packaged demo.
class ConsoleAcceptanceIT {
  private final DemoServer demo = DemoServer.shared();

  @Test
  void an_operator_signs_in_finds_an_account_and_opens_another() {
    Browser.run(
        "console.mjs",
        Map.of(
            "console", demo.json().get("console").asString(),
            "token", demo.json().get("admin").get("token").asString()));
  }
}
