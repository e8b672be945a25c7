package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// What an operator has in production: a data directory, settings, and nodes of `yunfu serve` that
/// are started and stopped. The first node owns the embedded database; others join by its address.
final class Installation {
  static final String ADMIN_TOKEN = "acceptance-token-0123456789abcdef";

  private final Path directory;
  private final Path data;

  /// What is set besides.
  private final Map<String, String> more;

  Installation() {
    this(Map.of());
  }

  /// One of its own, with settings besides the usual ones.
  Installation(Map<String, String> more) {
    this.more = Map.copyOf(more);
    directory = Scratch.directory();
    data = directory.resolve("data");
    Secrets.remember(ADMIN_TOKEN);
  }

  /// A node that answers.
  ///
  /// @param program its process
  record Node(Program program, int port, Path data) {
    Operator operator() {
      return new Operator(data);
    }

    boolean isReady() {
      return status("/ready") == 200;
    }

    /// The status of a page; 0 while nothing listens.
    int status(String path) {
      try {
        String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
        return Connection.exchange(port, request.getBytes(UTF_8)).status();
      } catch (IOException e) {
        return 0;
      }
    }

    /// Stops as a supervisor does it, and waits for the end.
    void stop() {
      program.terminate();
      Program.Ended ended = program.ended();
      assertThat(ended.status()).as("%s\n%s%s", program, ended.out(), ended.err()).isZero();
    }
  }

  Path data() {
    return data;
  }

  /// Starts the node that owns the database, and waits until it is ready.
  Node start() {
    return ready(launch(settings(), LoopbackPorts.free()));
  }

  /// The same at a port that others know.
  Node start(int port) {
    return ready(launch(settings(), port));
  }

  /// Starts one more node on the same database.
  Node join() {
    return ready(launch(settingsOfMore(), LoopbackPorts.free()));
  }

  /// Starts the node that owns the database, and waits for nothing.
  Node launch() {
    return launch(settings(), LoopbackPorts.free());
  }

  /// A very first start, with nothing set that need not be.
  ///
  /// @return the token of the admin API that it prints once
  Node startWithoutToken() {
    var settings = new HashMap<>(settings());
    settings.remove("YUNFU_ADMIN_TOKEN");
    return ready(launch(settings, LoopbackPorts.free()));
  }

  /// Leaves the database as a newer version would: with a migration that this one does not know.
  void asIfFromTheFuture() throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          """
          insert into cell_0.flyway_schema_history
            select max(installed_rank) + 1, '999', 'from the future', 'SQL', 'V999__future.sql', 1,
                   'yunfu', now(), 1, true
              from cell_0.flyway_schema_history
          """);
    }
  }

  /// A connection to the database, which runs.
  java.sql.Connection connect() throws SQLException {
    String url = "jdbc:" + settingsOfMore().get("YUNFU_DATABASE_URL");
    String password = read(data.resolve("postgres").resolve("password"));
    Secrets.remember(password);
    return DriverManager.getConnection(url, "yunfu", password);
  }

  static Node ready(Node node) {
    node.program().await("it is ready", node::isReady);
    return node;
  }

  /// Audits the books while no node runs.
  Program.Ended verify() {
    return Program.run(directory, settings(), "verify");
  }

  /// Audits the books of a running installation.
  Program.Ended verifyLive() {
    return Program.run(directory, settingsOfMore(), "verify");
  }

  void requireSoundBooks() {
    Program.Ended ended = verify();
    assertThat(ended.status()).as("verify\n%s%s", ended.out(), ended.err()).isZero();
  }

  private Node launch(Map<String, String> settings, int port) {
    var all = new HashMap<>(settings);
    all.put("YUNFU_HTTP_PORT", Integer.toString(port));
    return new Node(Program.start(directory, all, "serve"), port, data);
  }

  private Map<String, String> settings() {
    var all = new HashMap<>(more);
    all.put("YUNFU_DATA_DIRECTORY", data.toString());
    all.put("YUNFU_ADMIN_TOKEN", ADMIN_TOKEN);
    all.put("YUNFU_RATE_LIMIT_DEFAULT", "0");
    return all.containsKey("YUNFU_CELLS_COUNT") ? all : Program.withCells(all);
  }

  private Map<String, String> settingsOfMore() {
    var all = new HashMap<>(settings());
    all.remove("YUNFU_DATA_DIRECTORY");
    Path postgres = data.resolve("postgres");
    all.put(
        "YUNFU_DATABASE_URL",
        "postgresql://127.0.0.1:" + read(postgres.resolve("port")) + "/yunfu");
    all.put("YUNFU_DATABASE_PASSWORD_FILE", postgres.resolve("password").toString());
    all.put("YUNFU_MASTER_KEY_FILE", data.resolve("master.key").toString());
    return all;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
