package io.yunfu.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/// What an embedded PostgreSQL keeps on disk, made whole and brought into the state in which its
/// server can start. What is where: see [EmbeddedPostgres].
final class PostgresDirectory {
  /// Owns nothing but its database.
  static final String ROLE = "yunfu";

  static final String DATABASE = "yunfu";

  /// Programs, a fresh data directory, and its first log segments.
  private static final long SPACE_FOR_FIRST_START = 200L << 20;

  /// Outside of the ranges that Linux and macOS take for outgoing connections, so that nobody has
  /// taken our port when a dead server is started again.
  private static final int FIRST_PORT = 20_000;

  private static final int PORTS = 10_000;

  private final Path directory;
  private final Path data;
  private final PostgresRuntime runtime;
  private final PostgresUser user;

  /// The directory, without a server that outlived the one who started it.
  ///
  /// @param directory in use by nobody else
  /// @param runtimes where PostgreSQL's programs are, or will be
  PostgresDirectory(Path directory, Path runtimes) throws IOException {
    this.directory = directory;
    this.data = directory.resolve("data");
    requireSpaceForFirstStart();
    this.runtime = PostgresRuntime.unpackedIn(runtimes.toAbsolutePath().normalize());
    requireSameMajorVersion();
    this.user = PostgresUser.choose(directory, data);
    PostgresProcess.stopOrphan(data);
    takeBack();
    writeSettings();
  }

  /// Makes the directory if need be.
  ///
  /// @return its real path
  static Path prepared(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Modes.makeFolders(directory.toAbsolutePath());
      // Others, PostgreSQL's user among them, may pass to what they know the name of.
      Modes.set(directory, "rwx--x--x");
    }
    return directory.toRealPath();
  }

  PostgresRuntime runtime() {
    return runtime;
  }

  /// Its server, which does not run yet.
  PostgresProcess server(int port) {
    var logs = new PostgresLogs(directory.resolve("start.log"), data.resolve("log"));
    return new PostgresProcess(directory, data, runtime, user, logs, port);
  }

  /// Of both roles; made at the first start.
  String password() throws IOException {
    Path file = directory.resolve("password");
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Path draft = directory.resolve("password.new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, fresh + "\n");
    if (Files.isDirectory(data)) {
      // The password was lost, say when the data came back from a backup. Who can write here owns
      // the data anyway, so the roles get the new one.
      setPasswords(data, fresh);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    return fresh;
  }

  /// Makes the database if there is none yet.
  void makeData(String password) throws IOException {
    if (!Files.isDirectory(data)) {
      initialize(password);
    }
  }

  /// The one last used if it is free, else another one, which is kept for the next time.
  int choosePort() throws IOException {
    Path file = directory.resolve("port");
    if (Files.exists(file)) {
      String last = Files.readString(file).strip();
      if (last.matches("[0-9]{4,5}") && LoopbackPorts.isFree(Integer.parseInt(last))) {
        return Integer.parseInt(last);
      }
    }
    int chosen = LoopbackPorts.free(FIRST_PORT, PORTS);
    Files.writeString(file, chosen + "\n");
    return chosen;
  }

  /// Makes the data directory under another name, so that what has the right name is whole.
  private void initialize(String password) throws IOException {
    Path fresh = directory.resolve("data.new");
    Trees.delete(fresh);
    Files.createDirectory(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (!user.isSelf()) {
      Modes.give(fresh, user.uid(), user.gid());
    }
    runAsUser(
        List.of(
            runtime.program("initdb"),
            "--pgdata=" + fresh,
            "--username=" + PostgresSettings.SUPERUSER,
            // Nobody comes in until pg_hba.conf is ours.
            "--auth=reject",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--data-checksums",
            "--no-instructions"),
        "");
    Files.writeString(fresh.resolve("pg_hba.conf"), PostgresSettings.ACCESS);
    Files.writeString(fresh.resolve("postgresql.conf"), PostgresSettings.OPERATOR_SETTINGS);
    runSingle(
        fresh,
        "create role %s login\ncreate database %s owner %s\nrevoke all on database %s from public\n"
            .formatted(ROLE, DATABASE, ROLE, DATABASE));
    setPasswords(fresh, password);
    Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private void setPasswords(Path cluster, String secret) throws IOException {
    runSingle(
        cluster,
        "alter role %s password '%s'\nalter role %s password '%s'\n"
            .formatted(PostgresSettings.SUPERUSER, secret, ROLE, secret));
  }

  /// Runs statements, one a line, without a server.
  private void runSingle(Path cluster, String statements) throws IOException {
    String output =
        runAsUser(
            List.of(
                runtime.program("postgres"),
                "--single",
                "-D",
                cluster.toString(),
                "-c",
                "password_encryption=scram-sha-256",
                "-c",
                "scram_iterations=" + PostgresSettings.PASSWORD_ITERATIONS,
                "-c",
                "logging_collector=off",
                // Statements hold passwords.
                "-c",
                "log_min_error_statement=panic",
                "postgres"),
            statements);
    if (output.contains("ERROR:") || output.contains("FATAL:")) {
      throw EmbeddedPostgresFailed.explained(directory, "cannot be set up: " + output, null);
    }
  }

  private String runAsUser(List<String> command, String input) throws IOException {
    Commands.Result result = Commands.run(user.command(command), input);
    if (!result.succeeded()) {
      throw EmbeddedPostgresFailed.explained(
          directory,
          "cannot be made: " + Path.of(command.getFirst()).getFileName() + ": " + result.output(),
          null);
    }
    return result.output();
  }

  private void requireSpaceForFirstStart() throws IOException {
    long space = Files.getFileStore(directory).getUsableSpace();
    if (!Files.isDirectory(data) && space < SPACE_FOR_FIRST_START) {
      throw new EmbeddedPostgresFailed(
          "No space for a new database: %s has %d MB left, and %d MB are needed."
              .formatted(directory, space >> 20, SPACE_FOR_FIRST_START >> 20));
    }
  }

  private void requireSameMajorVersion() throws IOException {
    Path file = data.resolve("PG_VERSION");
    if (!Files.exists(file)) {
      return;
    }
    String found = Files.readString(file).strip();
    if (!found.equals(Integer.toString(runtime.majorVersion()))) {
      throw new EmbeddedPostgresFailed(
          "The database in %s was made by PostgreSQL %s, but this version of Yunfu brings PostgreSQL %s. Use a Yunfu that fits it, or move the data with pg_dump and pg_restore (or pg_upgrade)."
              .formatted(directory, found, runtime.version()));
    }
  }

  /// Data that root has copied here, say from a backup, becomes PostgreSQL's again.
  private void takeBack() throws IOException {
    if (Files.isDirectory(data)) {
      if (!user.isSelf() && Modes.ownerOf(data) == 0) {
        Trees.give(data, user.uid(), user.gid());
      }
      Modes.set(data, "rwx------");
    }
  }

  /// Outside of the data directory: root writes nothing where another user could put a link.
  private void writeSettings() throws IOException {
    Path settings = directory.resolve("yunfu.conf");
    Files.writeString(settings, PostgresSettings.atEveryStart(PostgresSettings.memory()));
    Modes.set(settings, "rw-r--r--");
  }
}
