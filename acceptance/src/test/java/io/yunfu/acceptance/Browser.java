package io.yunfu.acceptance;

import io.yunfu.testkit.NodePrograms;
import io.yunfu.testkit.Prerequisite;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.ObjectMapper;

/// A person in front of a real Chromium: scripts in `src/test/browser`, driven by Playwright. Where
/// there is no Chromium or no Node these tests fail, unless they are left out by name.
final class Browser {
  private static final NodePrograms PROGRAMS = new NodePrograms("browser");

  private Browser() {}

  /// Runs a script to its end. It fails the test by failing, and has printed what it saw.
  ///
  /// @param input what it is told, as JSON on its standard input: secrets are no arguments
  static void run(String script, Object input) {
    Prerequisite.NODE.leftOut().ifPresent(Assumptions::abort);
    Prerequisite.CHROMIUM.leftOut().ifPresent(Assumptions::abort);
    Path chromium = Prerequisite.CHROMIUM.need();
    PROGRAMS.run(
        script,
        List.of(chromium.toString()),
        Map.of(),
        new ObjectMapper().writeValueAsString(input));
  }
}
