package io.yunfu.server;

import io.yunfu.server.config.Configuration;
import io.yunfu.server.config.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a command takes its settings from: a file, then the environment, which wins.
public final class ConfigurationOptions {
  /// Taken when it is there and no other file is named.
  private static final Path USUAL_FILE = Path.of("yunfu.conf");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration file, lines of key = value; by default yunfu.conf, if there is one."
              + " YUNFU_... variables win over it. All keys: docs/operating/configuration.md.")
  @Nullable Path file;

  /// Without a file named.
  static ConfigurationOptions usual() {
    return new ConfigurationOptions();
  }

  static ConfigurationOptions of(Path file) {
    var options = new ConfigurationOptions();
    options.file = file;
    return options;
  }

  /// The settings of this run.
  ///
  /// @param more set by the command itself; they win over all others
  public Configuration read(Map<String, String> more) {
    List<Source> sources = new ArrayList<>();
    if (file != null) {
      sources.add(Source.file(file));
    } else if (Files.exists(USUAL_FILE)) {
      sources.add(Source.file(USUAL_FILE));
    }
    sources.add(Source.environment(System.getenv()));
    sources.add(Source.of("the command line", more));
    return Configuration.read(sources);
  }
}
