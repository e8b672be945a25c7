package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.bench.machine.CpuTime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One of our programs in a Java machine of its own: the same jars as ours, and nothing of our
/// environment that would configure it.
final class JavaProgram implements AutoCloseable {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(60);
  private static final int LAST_LINES = 15;

  /// How variables begin that configure our programs.
  private static final String OURS = "YUNFU_";

  /// Those that configure their Java machine.
  private static final String JAVA_OPTIONS = "YUNFU_JAVA_OPTS";

  private final Process process;
  private final Path errors;

  private JavaProgram(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /// Starts it. Its standard output is ours to read, or goes where `errors` goes.
  ///
  /// @param directory that it works in
  /// @param options for its Java machine, over which ours win
  /// @param errors a file for its standard error
  /// @param reads whether we read its standard output
  static JavaProgram start(
      Path directory,
      List<String> options,
      Path errors,
      boolean reads,
      String main,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List<String> ours = choices(ManagementFactory.getRuntimeMXBean().getInputArguments().stream());
    // Java takes the last of two values, but refuses two collectors.
    boolean collected = ours.stream().anyMatch(JavaProgram::isCollector);
    command.addAll(options.stream().filter(each -> !collected || !isCollector(each)).toList());
    command.addAll(ours);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith(OURS));
    return launch(builder, directory, errors, reads);
  }

  /// Starts it as an operator does, so with the options of the Java machine that the script
  /// chooses. The script becomes the program, so this is its process.
  ///
  /// @param output a file for what it prints
  /// @param environment what is set in it
  static JavaProgram start(
      Distribution distribution,
      Path directory,
      Path output,
      Map<String, String> environment,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(distribution.script().toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith(OURS) && !name.equals(JAVA_OPTIONS));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return launch(builder, directory, output, false);
  }

  private static JavaProgram launch(
      ProcessBuilder builder, Path directory, Path errors, boolean reads) throws IOException {
    builder.directory(directory.toFile());
    if (reads) {
      builder.redirectError(errors.toFile());
    } else {
      builder.redirectErrorStream(true).redirectOutput(errors.toFile());
    }
    return new JavaProgram(builder.start(), errors);
  }

  /// What was chosen for its Java machine, to start another one that can be compared with it; empty
  /// where the system does not tell.
  List<String> options() {
    return choices(Arrays.stream(process.toHandle().info().arguments().orElse(new String[0])));
  }

  private static List<String> choices(Stream<String> arguments) {
    return arguments
        .filter(argument -> argument.startsWith("-X") || argument.startsWith("--enable-native"))
        .toList();
  }

  private static boolean isCollector(String option) {
    return option.startsWith("-XX:+Use") && option.endsWith("GC");
  }

  Process process() {
    return process;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Duration cpuTime() {
    return CpuTime.of(process.toHandle());
  }

  /// The end of what it printed.
  String lastWords() {
    try {
      List<String> lines = Files.readString(errors, UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "it said nothing";
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
