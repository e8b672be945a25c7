package io.yunfu.server;

import io.yunfu.db.DatabaseSettings;
import io.yunfu.db.EmbeddedPostgres;
import io.yunfu.operator.MasterKey;
import io.yunfu.server.config.Configuration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// Where a node's database is: the embedded one, which lives and dies with this, or the one that
/// the configuration names. Knows the master key as well, since an embedded installation keeps it
/// beside its database.
final class DatabaseHome implements AutoCloseable {
  private static final String KEY_FILE = "master.key";
  private static final String POSTGRES = "postgres";

  private final DatabaseSettings settings;
  private final MasterKey masterKey;
  private final Optional<EmbeddedPostgres> embedded;

  private DatabaseHome(
      DatabaseSettings settings, MasterKey masterKey, Optional<EmbeddedPostgres> embedded) {
    this.settings = settings;
    this.masterKey = masterKey;
    this.embedded = embedded;
  }

  static DatabaseHome open(Configuration configuration) {
    var wanted = configuration.database();
    if (!wanted.embedded()) {
      return new DatabaseHome(
          wanted.settings().orElseThrow(),
          MasterKey.parse(configuration.masterKey().orElseThrow().reveal()),
          Optional.empty());
    }
    Path directory = configuration.data().directory();
    var postgres = EmbeddedPostgres.start(directory.resolve(POSTGRES));
    try {
      MasterKey key =
          configuration
              .masterKey()
              .map(secret -> MasterKey.parse(secret.reveal()))
              .orElseGet(() -> keptIn(directory.resolve(KEY_FILE)));
      return new DatabaseHome(wanted.bounded(postgres.settings()), key, Optional.of(postgres));
    } catch (RuntimeException e) {
      postgres.stop();
      throw e;
    }
  }

  /// The same for whoever only looks, so that it works beside a running server as well: the
  /// embedded database is started only when nobody runs it. Needs no master key.
  static DatabaseHome lookInto(Configuration configuration) {
    if (!configuration.database().embedded()) {
      return open(configuration);
    }
    Path directory = configuration.data().directory().resolve(POSTGRES);
    return EmbeddedPostgres.runningIn(directory)
        .map(settings ->
            new DatabaseHome(
                configuration.database().bounded(settings),
                MasterKey.parse(MasterKey.generate()),
                Optional.empty()))
        .orElseGet(() -> open(configuration));
  }

  DatabaseSettings settings() {
    return settings;
  }

  MasterKey masterKey() {
    return masterKey;
  }

  @Override
  public void close() {
    embedded.ifPresent(EmbeddedPostgres::stop);
  }

  /// Made at the first start, for its owner's eyes only.
  private static MasterKey keptIn(Path file) {
    try {
      try {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, MasterKey.generate() + "\n");
      } catch (FileAlreadyExistsException e) {
        // The key of an earlier start.
      }
      return MasterKey.parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("the master key cannot be kept in " + file + ": " + e, e);
    } catch (IllegalArgumentException e) {
      throw new UncheckedIOException(
          file + " holds no master key: " + e.getMessage(), new IOException(e));
    }
  }
}
