package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every part on a tiny scale. Nothing here depends on how quick anything is.
class GoalsBenchIT {
  private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

  @Test
  void a_quick_run_has_a_row_for_each_goal_and_finds_the_books_in_order(@TempDir Path directory)
      throws IOException {
    int status = quickly("--distribution", packed(directory).toString());

    assertThat(status).as("%s\n%s", progress, tables).isZero();
    assertThat(tables.toString(UTF_8))
        .contains("| HTTP PayDeals, uniform | ≥ 4 × A1 |")
        .contains("| HTTP PayDeals, uniform, stretch | ≥ 5 × A1 |")
        .contains("| HTTP PayDeals, one hot account | ≥ 10 × A1 |")
        .contains("| HTTP PayDeals, one hot account | ≥ 0.9 × uniform |")
        .contains("| engine without HTTP, uniform | ≥ 7 × A1 |")
        .contains("| engine without HTTP, one hot account | ≥ 20 × A1 |")
        .contains("| database CPU per payment, uniform | ≥ 8 times less than A1 |")
        .contains("| database CPU per payment, one hot account | ≥ 20 times less than A1 |")
        .contains("beyond the engine, server CPU per call | ≤ 1.5 × bare |")
        .contains("| p99 at half of what was reached, uniform | ≤ 20 ms |")
        .contains("| p99 at half of what was reached, one hot account | ≤ 20 ms |")
        .contains("| DescribeDealsByCond at 20/s beside full payment load, p99 | ≤ 50 ms |")
        .contains("| DescribeAccountBalance at 20/s beside full payment load, p99 | ≤ 50 ms |")
        .contains("| repeated calls, paid already, server CPU per call | < 1 × paid |")
        .contains("| refused calls, no funds, server CPU per call | < 1 × paid |")
        .contains("| refused calls, wrong state, database CPU per call | < 1 × paid |")
        .contains("| accepted, deliveries through the queue |")
        .contains("| drained afterwards |")
        .contains("| official_account_pay, server CPU per order | ≤ 150 µs |")
        .contains("| official_account_pay, throughput | ≥ 0.5 × HTTP PayDeals |")
        .contains("| resident memory of the server's Java machine after the load | ≤ 256 MB |")
        .contains("| cold start of yunfu serve to its first answer | ≤ 1.5 s |")
        .contains("| distribution on the disk, without the database's binaries | ≤ 30 MB |")
        .contains("Acknowledged and not there: 0. There and never asked for: 0.")
        .contains("Acknowledged and not there: 0. There and not acknowledged: 0.")
        .contains("The audit of the books found nothing.")
        .doesNotContain("deals in the tables", "of the short run");
  }

  @Test
  void the_long_parts_run_when_they_are_asked_for() {
    int status = quickly("--only", "sustained,growth");

    assertThat(status).as("%s\n%s", progress, tables).isZero();
    assertThat(tables.toString(UTF_8))
        .contains("| HTTP PayDeals for 1 s | ≥ 80 % of the short run |")
        .contains("| CPU per payment with 100 deals in the tables |")
        .contains("| CPU per payment with 1,000 deals in the tables |")
        .contains("| growth: the most CPU per payment over the least | ≤ 1.1 × |")
        .contains("100 deals of the past:", "1,000 deals of the past:")
        .contains("There and never asked for: 0.")
        .doesNotContain("≥ 4 × A1", "official_account_pay", "cold start");
  }

  @Test
  void a_plan_that_makes_no_sense_is_refused(@TempDir Path directory) {
    assertThat(bench("goals", "--pairs", "0")).isEqualTo(2);
    assertThat(bench("goals", "--only", "luck")).isEqualTo(2);
    assertThat(bench("goals", "--growth", "5")).isEqualTo(2);
    assertThat(progress.toString(UTF_8)).contains("growth needs two sizes or more");
    assertThat(bench("goals", "--distribution", directory.toString())).isEqualTo(2);
    assertThat(progress.toString(UTF_8)).contains("is not a distribution");
  }

  /// Nothing is warm, so that it is over soon.
  private int quickly(String... more) {
    List<String> arguments = new ArrayList<>(List.of("goals", "--quick"));
    arguments.addAll(List.of("--warmup", "0", "--seconds", "1", "--sustained-seconds", "1"));
    arguments.addAll(List.of(more));
    return bench(arguments.toArray(String[]::new));
  }

  private int bench(String... arguments) {
    return Main.run(
        new PrintStream(tables, true, UTF_8), new PrintStream(progress, true, UTF_8), arguments);
  }

  /// What the build packs, from the class path of this test: tests run before anything is packed.
  private static Path packed(Path directory) throws IOException {
    Path distribution = Files.createDirectory(directory.resolve("yunfu"));
    Path lib = Files.createDirectory(distribution.resolve("lib"));
    Files.copy(
        checkout().resolve("yunfu"),
        distribution.resolve("yunfu"),
        StandardCopyOption.COPY_ATTRIBUTES);
    int number = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        pack(path, lib.resolve("yunfu-classes-" + number++ + ".jar"));
      } else if (Files.exists(path)) {
        Files.copy(path, lib.resolve(path.getFileName()));
      }
    }
    return distribution;
  }

  private static void pack(Path classes, Path jar) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(classes)) {
      files = found.filter(file -> !file.equals(classes)).sorted().toList();
    }
    try (OutputStream out = Files.newOutputStream(jar);
        var zip = new ZipOutputStream(out)) {
      for (Path file : files) {
        String name = classes.relativize(file).toString();
        if (Files.isDirectory(file)) {
          zip.putNextEntry(new ZipEntry(name + "/")); // migrations are looked for by directory
        } else {
          zip.putNextEntry(new ZipEntry(name));
          Files.copy(file, zip);
        }
      }
    }
  }

  private static Path checkout() {
    for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
      if (Files.isExecutable(path.resolve("yunfu"))) {
        return path;
      }
    }
    throw new IllegalStateException("this test runs in a checkout");
  }
}
