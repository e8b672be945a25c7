package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./yunfu` before it starts any Java: what it lists, and what it says when it cannot go on.
class ScriptAcceptanceIT {
  private static final Path SCRIPT =
      Path.of("..", "dist", "target", "yunfu", "yunfu").toAbsolutePath().normalize();

  @TempDir Path directory;

  @Test
  void alone_it_lists_its_commands() throws Exception {
    Ended ended = run(SCRIPT, Map.of());
    assertThat(ended.status).isZero();
    assertThat(ended.out).contains("demo", "serve", "admin", "verify", "bench");
    assertThat(run(SCRIPT, Map.of(), "--help")).isEqualTo(ended);
  }

  @Test
  void an_unknown_command_is_named_and_ends_with_status_2() throws Exception {
    Ended ended = run(SCRIPT, Map.of(), "pay-me");
    assertThat(ended.status).isEqualTo(2);
    assertThat(ended.out).isEmpty();
    assertThat(ended.err).contains("'pay-me'").contains("--help");
  }

  @Test
  void it_tells_its_version() throws Exception {
    assertThat(run(SCRIPT, Map.of(), "--version").out).matches("Yunfu \\d+\\.\\d+\\.\\d+\\S*\n");
  }

  @Test
  void it_works_through_a_symbolic_link_from_another_directory() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("yunfu-link"), SCRIPT);
    assertThat(run(link, Map.of(), "--version")).isEqualTo(run(SCRIPT, Map.of(), "--version"));
  }

  @Test
  void an_old_java_home_is_passed_over_for_a_newer_java() throws Exception {
    Path old = fakeJava("17.0.15");
    Ended ended = run(SCRIPT, Map.of("JAVA_HOME", old.toString()), "--java-home");
    assertThat(ended.status).isZero();
    assertThat(ended.out).isNotEqualTo(old + "\n");
  }

  @Test
  void a_new_enough_java_home_is_taken() throws Exception {
    Path newer = fakeJava("27-ea");
    assertThat(run(SCRIPT, Map.of("JAVA_HOME", newer.toString()), "--java-home").out)
        .isEqualTo(newer + "\n");
  }

  /// No machine that runs this test lacks Java, so the script is asked for one that does not exist
  /// yet.
  @Test
  void without_a_java_it_says_what_to_install() throws Exception {
    Path lib = Files.createDirectory(directory.resolve("lib"));
    assertThat(lib).isDirectory();
    Path script = directory.resolve("yunfu");
    Files.writeString(
        script, Files.readString(SCRIPT).replace("needed_java=25", "needed_java=999"));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Ended ended = run(script, Map.of(), "serve");
    assertThat(ended.status).isEqualTo(1);
    assertThat(ended.out).isEmpty();
    assertThat(ended.err).contains("no JDK 999 or newer was found", "apt install", "brew install");
  }

  /// With both, the program would not start: two migrations of one version.
  @Test
  void a_migration_that_has_moved_is_not_built_in_twice() throws Exception {
    Path script = Files.copy(SCRIPT, directory.resolve("yunfu"));
    Path kept = Path.of("db", "cell", "V2__kept.sql");
    Path moved = Path.of("db", "cell", "V3__moved.sql");
    Path classes = directory.resolve("billing").resolve("target").resolve("classes");
    for (Path file : List.of(classes.resolve(kept), classes.resolve(moved))) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "select 1");
    }
    Path source = directory.resolve("billing").resolve("src/main/resources").resolve(kept);
    Files.createDirectories(source.getParent());
    Files.writeString(source, "select 1");
    assertThat(run(script, Map.of(), "--sweep", "target").status).isZero();
    assertThat(classes.resolve(kept)).exists();
    assertThat(classes.resolve(moved)).doesNotExist();
    assertThat(source).exists();
  }

  @Test
  void a_java_on_the_path_is_found_by_its_link() throws Exception {
    Path home = fakeJava("27-ea");
    Path path = Files.createDirectory(directory.resolve("path"));
    Files.createSymbolicLink(path.resolve("java"), home.resolve("bin").resolve("java"));
    Ended ended =
        run(
            SCRIPT,
            Map.of("JAVA_HOME", "", "PATH", path + ":" + System.getenv("PATH")),
            "--java-home");
    assertThat(ended.out).isEqualTo(home + "\n");
  }

  @Test
  void a_server_that_has_no_cache_has_one_made_by_another_process_for_its_next_start()
      throws Exception {
    Path java = recordingJava();
    Path caches = directory.resolve("caches");
    Ended first = serve(java, caches.toString());
    assertThat(first.out).doesNotContain("AOTCache");
    assertThat(first.err).isEmpty();
    Path cache = awaitCache(caches);
    assertThat(Files.getPosixFilePermissions(caches))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    Ended second = serve(java, caches.toString());
    assertThat(second.out).contains("-XX:AOTCache=" + cache).contains("-Xlog:aot=off");
    assertThat(second.err).isEmpty();
  }

  @Test
  void a_cache_that_belongs_to_another_java_is_not_used() throws Exception {
    Path caches = directory.resolve("caches");
    serve(recordingJava(), caches.toString());
    Path cache = awaitCache(caches);
    Path java = directory.resolve("java 26");
    Files.writeString(java.resolve("release"), "JAVA_VERSION=\"26.0.1\"\n");
    Ended other = serve(java, caches.toString());
    assertThat(other.out).doesNotContain(cache.toString());
  }

  @Test
  void where_nothing_can_be_written_or_nothing_is_wanted_a_server_starts_without_a_cache()
      throws Exception {
    Path java = recordingJava();
    Path file = Files.createFile(directory.resolve("file"));
    for (String nowhere : List.of("off", file.resolve("below").toString())) {
      Ended ended = serve(java, nowhere);
      assertThat(ended.status).isZero();
      assertThat(ended.out).doesNotContain("AOTCache");
      assertThat(ended.err).isEmpty();
    }
  }

  private Ended serve(Path java, String caches) throws IOException, InterruptedException {
    return run(SCRIPT, Map.of("JAVA_HOME", java.toString(), "YUNFU_AOT_CACHE", caches), "serve");
  }

  private static Path awaitCache(Path caches) throws IOException, InterruptedException {
    long end = System.nanoTime() + Program.PATIENCE.toNanos();
    while (true) {
      try (Stream<Path> files = Files.list(caches)) {
        var found = files.filter(file -> file.toString().endsWith(".aot")).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
      }
      assertThat(System.nanoTime()).as("a cache in time").isLessThan(end);
      Thread.sleep(20);
    }
  }

  /// Says what it was called with. As a demo, writes what a demo writes, and its cache when it is
  /// told to end; as a server, runs until somebody has made a cache for it.
  private Path recordingJava() throws IOException {
    Path home = fakeJava("26");
    Files.writeString(
        home.resolve("bin").resolve("java"),
        """
        #!/bin/sh
        all=$*
        case "$all" in
          *AOTCacheOutput=*demo*)
            output=${all##*AOTCacheOutput=}
            output=${output%% *}
            data=${all##*--data }
            data=${data%% *}
            trap 'echo kept >"$output"; exit 0' TERM
            mkdir -p "$data"
            : >"$data/demo.json"
            while :; do sleep 0.1; done
            ;;
          *AOTCache=*) echo "$@" ;;
          *" serve")
            echo "$@"
            case "$YUNFU_AOT_CACHE" in
              off | */below) ;;
              *) until ls "$YUNFU_AOT_CACHE"/*.aot >/dev/null 2>&1; do sleep 0.1; done ;;
            esac
            ;;
        esac
        """);
    return home;
  }

  private Path fakeJava(String version) throws IOException {
    Path home = directory.resolve("java " + version);
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nexit 99\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private record Ended(int status, String out, String err) {}

  private Ended run(Path script, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    var builder =
        new ProcessBuilder(script.toString())
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.command().addAll(List.of(arguments));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("ended in time")
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
