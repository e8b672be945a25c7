package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.db.DatabaseSettings;
import io.yunfu.operator.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Which database a benchmark runs on.
final class DatabaseOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where the embedded database is, or is made. Default: a new one that is deleted"
              + " afterwards.")
  private @Nullable Path data;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "Another database instead: postgresql://HOST:PORT/NAME. Empty, or with nothing but"
              + " benchmarks in it. Its password comes from PGPASSWORD.")
  private @Nullable String database;

  @Option(names = "--database-user", paramLabel = "NAME", description = "Its user. Default: yunfu.")
  private String databaseUser = "yunfu";

  @Option(
      names = "--master-key-file",
      paramLabel = "FILE",
      description =
          "The master key; made if there is no such file. Needed to use a database again. Default:"
              + " beside the data, or a new key for each run.")
  private @Nullable Path masterKeyFile;

  /// @throws ParameterException when two databases are named
  void check(CommandLine line) {
    if (data != null && database != null) {
      throw new ParameterException(line, "either --data or --database");
    }
  }

  /// @param directory for an embedded database that is not kept
  BenchDatabase open(Path directory) {
    if (database == null) {
      return BenchDatabase.embedded(data != null ? data : directory.resolve("data"));
    }
    String password = System.getenv().getOrDefault("PGPASSWORD", "");
    return BenchDatabase.external(DatabaseSettings.of(database, databaseUser, password));
  }

  /// The master key as text.
  String masterKey() throws IOException {
    Path file =
        masterKeyFile != null ? masterKeyFile : data != null ? data.resolve("master.key") : null;
    if (file == null) {
      return MasterKey.generate();
    }
    if (!Files.exists(file)) {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, MasterKey.generate(), UTF_8);
    }
    return Files.readString(file, UTF_8).strip();
  }
}
