package io.yunfu.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings schemas to the version of this program, by the files `db/…/V*__*.sql` on the class path.
///
/// Flyway does the work, but it takes longer to load than all the rest of a start. So its history
/// is compared first with the files, which takes one query; only when they differ is it called.
final class Migrations {
  private static final String HISTORY = "flyway_schema_history";

  /// Any number, as long as all nodes take the same.
  private static final long LOCK = 0x59756e6675L;

  /// A node waits this long for another one that migrates.
  static final Duration LONGEST_MIGRATION = Duration.ofHours(1);

  /// A migration gives up a table that is busy for this long, rather than making everybody queue up
  /// behind it; starting again tries again.
  private static final Duration LONGEST_TABLE_LOCK = Duration.ofSeconds(10);

  private static final Pattern FILE = Pattern.compile("V([0-9]+)__\\w+\\.sql");

  private static final Logger log = LoggerFactory.getLogger(Migrations.class);

  private final DatabaseSettings settings;
  private final ClassLoader loader = Migrations.class.getClassLoader();

  private final Connection connection;

  /// @param connection to the same database; it holds the lock of who migrates, as long as it lives
  Migrations(DatabaseSettings settings, Connection connection) {
    this.settings = settings;
    this.connection = connection;
  }

  /// @param folder of the migrations, below `db`
  /// @throws SchemaUnfit when a schema is newer than this program, or was migrated by other files
  void migrate(String folder, List<String> schemas) throws SQLException {
    Map<Integer, Integer> files = files(folder);
    List<String> behind = behind(connection, files, schemas);
    if (behind.isEmpty()) {
      return;
    }
    lock(connection);
    // Another node may have done it meanwhile. The lock goes with the connection.
    for (String schema : behind(connection, files, schemas)) {
      flyway(folder, schema);
    }
  }

  private static void lock(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("select pg_advisory_lock(?)")) {
      statement.setLong(1, LOCK);
      statement.executeQuery().close();
    }
  }

  /// Those schemas that are not there yet or lack a version.
  private static List<String> behind(
      Connection connection, Map<Integer, Integer> files, List<String> schemas)
      throws SQLException {
    Set<String> begun = withHistory(connection);
    Map<String, Map<Integer, Integer>> applied =
        applied(connection, schemas.stream().filter(begun::contains).toList());
    List<String> behind = new ArrayList<>();
    for (String schema : schemas) {
      Map<Integer, Integer> done = applied.getOrDefault(schema, Map.of());
      requireKnown(schema, files, done);
      if (!done.equals(files)) {
        behind.add(schema);
      }
    }
    return behind;
  }

  private static void requireKnown(
      String schema, Map<Integer, Integer> files, Map<Integer, Integer> done) {
    int newest = Collections.max(files.keySet());
    int reached = done.isEmpty() ? 0 : Collections.max(done.keySet());
    if (reached > newest) {
      throw new SchemaUnfit(
          "The schema %s is at version %d, of a newer Yunfu; this one knows versions up to %d. Start the newer one, or restore a backup of before the upgrade. Nothing was changed."
              .formatted(schema, reached, newest));
    }
    done.forEach((version, checksum) -> {
      if (!checksum.equals(files.get(version))) {
        throw new SchemaUnfit(
            "Version %d of the schema %s was made by another migration than the one of this program. Start the Yunfu that made it. Nothing was changed."
                .formatted(version, schema));
      }
    });
  }

  private static Set<String> withHistory(Connection connection) throws SQLException {
    Set<String> schemas = new HashSet<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relname = ?")) {
      statement.setString(1, HISTORY);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          schemas.add(rows.getString(1));
        }
      }
    }
    return schemas;
  }

  /// Per schema, version to checksum. The names come from us, never from outside.
  private static Map<String, Map<Integer, Integer>> applied(
      Connection connection, List<String> schemas) throws SQLException {
    Map<String, Map<Integer, Integer>> applied = new HashMap<>();
    if (schemas.isEmpty()) {
      return applied;
    }
    String all =
        schemas.stream()
            .map(schema ->
                "select '%1$s', version::int, coalesce(checksum, 0) from %1$s.%2$s where success and version is not null"
                    .formatted(schema, HISTORY))
            .collect(Collectors.joining(" union all "));
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(all)) {
      while (rows.next()) {
        applied
            .computeIfAbsent(rows.getString(1), _ -> new TreeMap<>())
            .put(rows.getInt(2), rows.getInt(3));
      }
    }
    return applied;
  }

  private void flyway(String folder, String schema) {
    log.info("Migrating the schema {}", schema);
    DatabaseSettings migrating =
        settings.withTimeouts(Connector.LONGEST_LOGIN, LONGEST_MIGRATION, LONGEST_TABLE_LOCK);
    try (Connector connector = new Connector(migrating, schema)) {
      Flyway.configure(loader)
          .dataSource(connector)
          .locations("classpath:db/" + folder)
          .schemas(schema)
          .table(HISTORY)
          .createSchemas(true)
          .cleanDisabled(true)
          .validateMigrationNaming(true)
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new DatabaseFailure(
          "The schema %s cannot be migrated: %s".formatted(schema, e.getMessage()), "", e);
    }
  }

  // The files.

  /// Version to checksum of all files of a folder, whichever jar they are in.
  private Map<Integer, Integer> files(String folder) {
    Map<Integer, Integer> files = new TreeMap<>();
    try {
      for (URL url : Collections.list(loader.getResources("db/" + folder))) {
        for (String name : names(url)) {
          Matcher file = FILE.matcher(name);
          if (file.matches()) {
            int version = Integer.parseInt(file.group(1));
            Integer other = files.put(version, checksum("db/" + folder + "/" + name));
            if (other != null) {
              throw new IllegalStateException("two migrations of version " + version);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (files.isEmpty()) {
      throw new IllegalStateException("no migrations in db/" + folder + " on the class path");
    }
    return files;
  }

  private static List<String> names(URL folder) throws IOException {
    URLConnection connection = folder.openConnection();
    if (connection instanceof JarURLConnection jar) {
      String prefix = jar.getEntryName().replaceFirst("/*$", "/");
      return jar.getJarFile().stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(prefix))
          .map(name -> name.substring(prefix.length()))
          .toList();
    }
    try (Stream<Path> files = Files.list(Path.of(URI.create(folder.toString())))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /// As Flyway counts it: CRC-32 over the lines, without their ends.
  private int checksum(String resource) throws IOException {
    CRC32 crc = new CRC32();
    try (InputStream in = loader.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("not found: " + resource);
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
      for (String line; (line = reader.readLine()) != null; ) {
        crc.update(line.getBytes(UTF_8));
      }
    }
    return (int) crc.getValue();
  }
}
