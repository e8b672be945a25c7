package io.yunfu.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class EmbeddedPostgresIT {
  final Path directory = TestDatabase.directory();
  final Path data = directory.resolve("data");

  @AfterEach
  void deleteAll() throws IOException {
    Trees.delete(directory);
  }

  @BeforeEach
  void programsAreUnpacked() throws IOException {
    PostgresRuntime.unpackedIn(TestDatabase.runtimes());
  }

  /// As the first start leaves it, without the time that takes.
  private static final Supplier<Path> MADE =
      new Supplier<>() {
        private Path made;

        @Override
        public synchronized Path get() {
          if (made == null) {
            Path fresh = TestDatabase.directory();
            EmbeddedPostgres.start(fresh, TestDatabase.runtimes()).stop();
            made = fresh;
          }
          return made;
        }
      };

  void make() throws IOException {
    for (String name : List.of("data", "password", "port")) {
      Commands.Result copied =
          Commands.run(
              List.of("cp", "-a", MADE.get().resolve(name).toString(), directory.toString()));
      assertThat(copied.succeeded()).as(copied.output()).isTrue();
    }
  }

  EmbeddedPostgres start() {
    return EmbeddedPostgres.start(directory, TestDatabase.runtimes());
  }

  static void createTable(Database database) {
    database.execute(tx -> tx.update("create table kept (id bigint primary key)"));
  }

  static void keep(Database database, long id) {
    database.execute(tx -> tx.update("insert into kept values (?)", id));
  }

  static List<Long> kept(Database database) {
    return database.read(
        tx -> tx.query("select id from kept order by id", row -> row.longAt("id")));
  }

  /// The schema that PostgreSQL makes by itself; its owner is the database's.
  static Database open(EmbeddedPostgres postgres) {
    return Database.open(postgres.settings().withPoolSize(2), "public");
  }

  static String setting(Database database, String name) {
    return database
        .read(tx -> tx.query("select current_setting(?) as value", row -> row.text("value"), name))
        .getFirst();
  }

  @Test
  void what_was_committed_is_there_after_a_stop_and_a_second_start() {
    try (EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      createTable(database);
      keep(database, 1);
    }
    assertThat(data.resolve("postmaster.pid")).doesNotExist();
    try (EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      assertThat(kept(database)).containsExactly(1L);
    }
  }

  @Test
  void old_programs_go_when_a_start_brings_newer_ones_also_by_a_relative_path() throws IOException {
    make();
    Path runtime = directory.resolve("runtime");
    Files.createDirectories(runtime.resolve("17.1.0").resolve("bin"));
    Path relative = Path.of("").toAbsolutePath().relativize(directory);
    EmbeddedPostgres.start(relative).stop();
    try (var versions = Files.list(runtime)) {
      assertThat(versions).hasSize(1);
    }
  }

  @Test
  void it_is_durable_private_and_no_superuser_s() throws IOException {
    make();
    try (EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      assertThat(setting(database, "fsync")).isEqualTo("on");
      assertThat(setting(database, "synchronous_commit")).isEqualTo("on");
      assertThat(setting(database, "full_page_writes")).isEqualTo("on");
      assertThat(setting(database, "data_checksums")).isEqualTo("on");
      assertThat(setting(database, "listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(setting(database, "server_version"))
          .isEqualTo(postgres.version().substring(0, postgres.version().lastIndexOf('.')));
      assertThat(setting(database, "is_superuser")).isEqualTo("off");
      List<String> locale =
          database.read(tx ->
              tx.query(
                  "select datlocprovider::text || ' ' || datlocale as locale from pg_database where datname = 'yunfu'",
                  row -> row.text("locale")));
      assertThat(locale).containsExactly("b C.UTF-8");
      assertThat(Modes.of(data)).isEqualTo("rwx------");
      assertThat(Modes.of(directory.resolve("password"))).isEqualTo("rw-------");
      String password = Files.readString(directory.resolve("password")).strip();
      assertThat(password).hasSizeGreaterThan(40);
      assertThat(postgres.settings().toString()).doesNotContain(password);
      DatabaseSettings guess =
          DatabaseSettings.of(postgres.settings().url(), postgres.settings().user(), "guess");
      try (Database stranger = Database.open(guess, "public")) {
        assertThatThrownBy(stranger::ping).hasMessageContaining("authentication failed");
      }
    }
  }

  @Test
  void root_is_left_behind() throws IOException {
    make();
    assumeTrue(new UnixSystem().getUid() == 0);
    try (EmbeddedPostgres _ = start()) {
      assertThat(Modes.ownerOf(data)).isNotZero();
      long pid = PostmasterFile.in(data).orElseThrow().pid();
      assertThat(Modes.ownerOf(Path.of("/proc/" + pid))).isEqualTo(Modes.ownerOf(data));
    }
  }

  @Test
  void a_directory_in_use_is_refused_to_a_second_server() throws IOException {
    make();
    try (EmbeddedPostgres first = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(EmbeddedPostgresFailed.class)
          .hasMessageContaining("in use")
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
      try (Database database = open(first)) {
        database.ping();
      }
    }
  }

  @Test
  void who_only_looks_can_reach_a_database_that_another_runs() throws IOException {
    make();
    assertThat(EmbeddedPostgres.runningIn(directory)).isEmpty();
    try (EmbeddedPostgres postgres = start()) {
      var settings = EmbeddedPostgres.runningIn(directory).orElseThrow();
      assertThat(settings.url()).isEqualTo(postgres.settings().url());
      try (Database database = Database.open(settings, "public")) {
        database.ping();
      }
    }
    assertThat(EmbeddedPostgres.runningIn(directory)).isEmpty();
  }

  @Test
  void a_server_that_outlived_its_killed_program_is_taken_over_with_all_that_was_committed()
      throws Exception {
    make();
    Process program = startProgram();
    long orphan;
    try (BufferedReader output = program.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      while (line != null && !line.equals("kept 3")) {
        line = output.readLine();
      }
      assertThat(line).isEqualTo("kept 3");
      assertThatThrownBy(this::start).hasMessageContaining("process " + program.pid());
      orphan = PostmasterFile.in(data).orElseThrow().pid();
    } finally {
      program.destroyForcibly().waitFor();
    }
    assertThat(ProcessHandle.of(orphan)).hasValueSatisfying(ProcessHandle::isAlive);
    try (EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      assertThat(kept(database)).startsWith(1L, 2L, 3L);
      assertThat(PostmasterFile.in(data).orElseThrow().pid()).isNotEqualTo(orphan);
    }
  }

  /// What the program of the test above does until it is killed.
  static final class Program {
    public static void main(String[] args) throws InterruptedException {
      EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(args[0]), Path.of(args[1]));
      try (Database database = open(postgres)) {
        createTable(database);
        for (long id = 1; ; id++) {
          keep(database, id);
          System.out.println("kept " + id);
          Thread.sleep(10);
        }
      }
    }
  }

  private Process startProgram() throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath,
            Program.class.getName(),
            directory.toString(),
            TestDatabase.runtimes().toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void a_killed_server_is_started_again_and_has_every_commit_that_was_answered() throws Exception {
    make();
    try (EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      createTable(database);
      AtomicLong answered = new AtomicLong();
      AtomicBoolean enough = new AtomicBoolean();
      List<Long> kept = new ArrayList<>();
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                for (long id = 1; !enough.get(); id++) {
                  try {
                    keep(database, id);
                    kept.add(id);
                    answered.incrementAndGet();
                  } catch (DatabaseAway | OutcomeUnknown e) {
                    // Not answered, so nothing was promised.
                  }
                }
              });
      for (int round = 1; round <= 2; round++) {
        awaitMore(answered, 50);
        long server = PostmasterFile.in(data).orElseThrow().pid();
        assertThat(Commands.run(List.of("/bin/sh", "-c", "kill -9 " + server)).succeeded())
            .isTrue();
        awaitMore(answered, 50);
        assertThat(PostmasterFile.in(data).orElseThrow().pid()).isNotEqualTo(server);
      }
      enough.set(true);
      writer.join();
      assertThat(kept(database)).containsAll(kept);
    }
  }

  private static void awaitMore(AtomicLong counter, long more) throws InterruptedException {
    long goal = counter.get() + more;
    while (counter.get() < goal) {
      Thread.sleep(5);
    }
  }

  @Test
  void a_number_of_a_dead_server_that_another_process_has_now_does_not_matter() throws Exception {
    make();
    try (EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      createTable(database);
    }
    PostgresUser user = PostgresUser.choose(directory, data);
    Process innocent =
        Commands.prepared(user.command(List.of("/bin/sh", "-c", "exec sleep 600"))).start();
    try {
      Path file = data.resolve("postmaster.pid");
      Files.writeString(
          file,
          "%d\n%s\n1700000000\n20000\n\n127.0.0.1\n  1234567 42\nready   \n"
              .formatted(innocent.pid(), data));
      Modes.set(file, "rw-------");
      if (!user.isSelf()) {
        Modes.give(file, user.uid(), user.gid());
      }
      try (EmbeddedPostgres postgres = start();
          Database database = open(postgres)) {
        assertThat(kept(database)).isEmpty();
      }
      assertThat(innocent.isAlive()).isTrue();
    } finally {
      innocent.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_first_start_that_was_killed_half_way_is_made_again() throws IOException {
    Files.createDirectory(directory.resolve("data.new"));
    Files.writeString(directory.resolve("data.new").resolve("PG_VERSION"), "18\n");
    try (EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      database.ping();
    }
  }

  @Test
  void a_lost_password_is_replaced() throws IOException {
    make();
    try (EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      createTable(database);
      keep(database, 1);
    }
    Files.delete(directory.resolve("password"));
    try (EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      assertThat(kept(database)).containsExactly(1L);
    }
  }

  @Test
  void a_port_that_somebody_else_took_is_given_up() throws IOException {
    make();
    int port = Integer.parseInt(Files.readString(directory.resolve("port")).strip());
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"));
        EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      database.ping();
      assertThat(postgres.settings().url()).doesNotContain(":" + port + "/");
    }
  }

  @Test
  void the_operator_may_tune_but_not_make_it_lose_data() throws IOException {
    make();
    Files.writeString(
        data.resolve("postgresql.conf"),
        "include '../yunfu.conf'\nwork_mem = 3MB\nfsync = off\nfull_page_writes = off\n");
    try (EmbeddedPostgres postgres = start();
        Database database = open(postgres)) {
      assertThat(setting(database, "work_mem")).isEqualTo("3MB");
      assertThat(setting(database, "fsync")).isEqualTo("on");
      assertThat(setting(database, "full_page_writes")).isEqualTo("on");
    }
  }

  @Test
  void a_mistake_in_its_configuration_is_told() throws IOException {
    make();
    Path configuration = data.resolve("postgresql.conf");
    Files.writeString(configuration, "shared_buffers = lots\n");
    assertThatThrownBy(this::start)
        .isInstanceOf(EmbeddedPostgresFailed.class)
        .hasMessageContaining("shared_buffers");
    Files.writeString(configuration, "include '../yunfu.conf'\n");
    start().stop();
  }

  @Test
  void data_of_another_major_version_is_refused_and_left_alone() throws IOException {
    make();
    Files.writeString(data.resolve("PG_VERSION"), "19\n");
    assertThatThrownBy(this::start)
        .isInstanceOf(EmbeddedPostgresFailed.class)
        .hasMessageContaining("made by PostgreSQL 19")
        .hasMessageContaining("brings PostgreSQL 18");
    Files.writeString(data.resolve("PG_VERSION"), "18\n");
    start().stop();
  }

  @Test
  void a_directory_that_its_user_cannot_reach_is_refused_with_the_remedy() throws IOException {
    assumeTrue(new UnixSystem().getUid() == 0);
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Modes.set(closed, "rwx------");
    assertThatThrownBy(() -> EmbeddedPostgres.start(closed.resolve("db"), TestDatabase.runtimes()))
        .isInstanceOf(EmbeddedPostgresFailed.class)
        .hasMessageContaining("chmod o+x " + closed);
  }

  @Test
  void the_programs_are_unpacked_whole_when_several_do_it_at_once() throws Exception {
    Path folder = directory.resolve("programs");
    List<PostgresRuntime> runtimes = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  PostgresRuntime runtime = PostgresRuntime.unpackedIn(folder);
                  synchronized (runtimes) {
                    runtimes.add(runtime);
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(runtimes).hasSize(2);
    assertThat(Commands.run(List.of(runtimes.getFirst().program("postgres"), "--version")).output())
        .contains("(PostgreSQL) 18");
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(runtimes.getFirst().home());
    }
  }

  @Test
  void a_stop_ends_open_transactions_and_can_be_repeated() throws IOException {
    make();
    EmbeddedPostgres postgres = start();
    try (Database database = open(postgres)) {
      createTable(database);
      assertThatThrownBy(() ->
              database.execute(tx -> {
                tx.update("insert into kept values (1)");
                postgres.stop();
              }))
          .isInstanceOf(DatabaseException.class);
    }
    postgres.stop();
    try (EmbeddedPostgres again = start();
        Database database = open(again)) {
      assertThat(kept(database)).isEmpty();
    }
  }

  @Test
  void a_certificate_is_checked_when_that_is_asked_for() throws Exception {
    TestCertificate ours = TestCertificate.made(directory.resolve("ours"));
    TestCertificate other = TestCertificate.made(directory.resolve("other"));
    make();
    PostgresUser user = PostgresUser.choose(directory, data);
    for (Path file : List.of(ours.certificate(), ours.key())) {
      Modes.set(file, "rw-------");
      if (!user.isSelf()) {
        Modes.give(file, user.uid(), user.gid());
      }
    }
    Modes.set(directory.resolve("ours"), "rwx--x--x");
    Files.writeString(
        data.resolve("postgresql.conf"),
        "include '../yunfu.conf'\nssl = on\nssl_cert_file = '%s'\nssl_key_file = '%s'\n"
            .formatted(ours.certificate(), ours.key()));
    try (EmbeddedPostgres postgres = start()) {
      DatabaseSettings settings = postgres.settings();
      Path root = Files.copy(ours.certificate(), directory.resolve("root.pem"));
      Modes.set(root, "rw-r--r--");
      Tls trusting = new Tls(Tls.Mode.VERIFY_FULL, root, null, null, null);
      try (Database database = Database.open(settings.withTls(trusting), "public")) {
        String version =
            database
                .read(tx ->
                    tx.query(
                        "select version from pg_stat_ssl where pid = pg_backend_pid()",
                        row -> row.text("version")))
                .getFirst();
        assertThat(version).startsWith("TLSv1.");
      }
      Tls distrusting = new Tls(Tls.Mode.VERIFY_CA, other.certificate(), null, null, null);
      try (Database database = Database.open(settings.withTls(distrusting), "public")) {
        assertThatThrownBy(database::ping)
            .isInstanceOf(DatabaseAway.class)
            .hasMessageContaining("SSL");
      }
      // Without a root certificate it is the JDK's list that decides, and ours is not on it.
      Tls listed = new Tls(Tls.Mode.VERIFY_FULL, null, null, null, null);
      try (Database database = Database.open(settings.withTls(listed), "public")) {
        assertThatThrownBy(database::ping)
            .isInstanceOf(DatabaseAway.class)
            .hasStackTraceContaining("unable to find valid certification path");
      }
    }
  }

  /// A self-signed certificate for 127.0.0.1, made by the JDK's own tool.
  record TestCertificate(Path certificate, Path key) {
    static TestCertificate made(Path folder) throws Exception {
      Files.createDirectory(folder);
      Path store = folder.resolve("store.p12");
      Process tool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "db",
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-dname",
                  "CN=db",
                  "-ext",
                  "san=ip:127.0.0.1",
                  "-keystore",
                  store.toString(),
                  "-storepass",
                  "changeit")
              .redirectErrorStream(true)
              .start();
      assertThat(tool.waitFor(60, TimeUnit.SECONDS)).isTrue();
      var keys = java.security.KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
      return new TestCertificate(
          write(folder, "CERTIFICATE", keys.getCertificate("db").getEncoded()),
          write(folder, "PRIVATE KEY", keys.getKey("db", "changeit".toCharArray()).getEncoded()));
    }

    private static Path write(Path folder, String kind, byte[] content) throws IOException {
      String text =
          "-----BEGIN %s-----\n%s\n-----END %s-----\n"
              .formatted(kind, java.util.Base64.getMimeEncoder().encodeToString(content), kind);
      return Files.writeString(folder.resolve(kind.replace(' ', '-') + ".pem"), text);
    }
  }
}
