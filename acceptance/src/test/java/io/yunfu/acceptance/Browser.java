package io.yunfu.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.yunfu.testkit.NodePrograms;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/// A person in front of a real Chromium: scripts in `src/test/browser`, driven by Playwright. Where
/// there is no Chromium or no Node, these tests are skipped and say so; CI has both.
final class Browser {
  private static final NodePrograms PROGRAMS = new NodePrograms("browser");
  private static final String[] NAMES = {
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
  };

  private Browser() {}

  /// Runs a script to its end. It fails the test by failing, and has printed what it saw.
  ///
  /// @param input what it is told, as JSON on its standard input: secrets are no arguments
  static void run(String script, Object input) {
    Path chromium = NodePrograms.find(NAMES).orElse(null);
    assumeTrue(chromium != null, "there is no Chromium on the PATH (apt install chromium)");
    assumeTrue(NodePrograms.canRun(), "there is no Node with npm here");
    PROGRAMS.run(
        script,
        List.of(String.valueOf(chromium)),
        Map.of(),
        new ObjectMapper().writeValueAsString(input));
  }
}
