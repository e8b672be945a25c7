package io.yunfu.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A program that tests need on the machine, since they cannot bring it along. Where it is missing
/// they fail and say how to get it: tests that leave themselves out are green and prove nothing.
/// Who wants to go without has to say so.
public enum Prerequisite {
  NODE("Node with npm", "nodejs npm"),
  CHROMIUM("a Chromium", "chromium");

  /// The environment variable that leaves tests out: names of these, in lower case, separated by
  /// commas.
  public static final String WITHOUT = "TESTS_WITHOUT";

  private final String what;

  /// Of Debian.
  private final String packages;

  Prerequisite(String what, String packages) {
    this.what = what;
    this.packages = packages;
  }

  /// One of each list has to be there; of the last list comes what is run.
  private List<List<String>> programs() {
    return switch (this) {
      case NODE -> List.of(List.of("npm"), List.of("node"));
      case CHROMIUM ->
          List.of(List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"));
    };
  }

  /// Why the tests that need it are left out; empty when nobody asked for that.
  public Optional<String> leftOut() {
    return leftOut(System.getenv().getOrDefault(WITHOUT, ""));
  }

  Optional<String> leftOut(String without) {
    return Stream.of(without.split(","))
        .filter(label()::equals)
        .findFirst()
        .map(name -> "left out by %s=%s".formatted(WITHOUT, without));
  }

  /// Where it is.
  ///
  /// @throws AssertionError where it is not, with what to install
  public Path need() {
    return need(System.getenv().getOrDefault("PATH", ""));
  }

  Path need(String path) {
    List<Optional<Path>> found = programs().stream().map(names -> find(path, names)).toList();
    if (found.stream().anyMatch(Optional::isEmpty)) {
      throw new AssertionError(
          "This test needs %s on the PATH: install %s (apt install %s), or leave all tests that need it out with %s=%s."
              .formatted(what, packages, packages, WITHOUT, label()));
    }
    return found.getLast().orElseThrow();
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Path> find(String path, List<String> names) {
    return names.stream()
        .flatMap(name -> Stream.of(path.split(":")).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
