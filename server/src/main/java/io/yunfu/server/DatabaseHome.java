package io.yunfu.server;

import io.yunfu.db.DatabaseSettings;
import io.yunfu.db.EmbeddedPostgres;
import io.yunfu.db.Tls;
import io.yunfu.kernel.Secret;
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
      String key = configuration.masterKey().orElseThrow().reveal();
      var settings =
          DatabaseSettings.of(
              wanted.url().orElseThrow(),
              wanted.user(),
              wanted.password().map(Secret::reveal).orElse(""));
      return new DatabaseHome(
          tuned(settings, wanted, tls(wanted)), MasterKey.parse(key), Optional.empty());
    }
    Path directory = configuration.data().directory();
    var postgres = EmbeddedPostgres.start(directory.resolve(POSTGRES));
    try {
      MasterKey key =
          configuration
              .masterKey()
              .map(secret -> MasterKey.parse(secret.reveal()))
              .orElseGet(() -> keptIn(directory.resolve(KEY_FILE)));
      return new DatabaseHome(
          tuned(postgres.settings(), wanted, Tls.DISABLED), key, Optional.of(postgres));
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
                tuned(settings, configuration.database(), Tls.DISABLED),
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

  private static DatabaseSettings tuned(
      DatabaseSettings at, Configuration.Database wanted, Tls tls) {
    return new DatabaseSettings(
        at.url(),
        at.user(),
        at.password(),
        tls,
        wanted.poolSize(),
        wanted.connectTimeout(),
        wanted.statementTimeout(),
        wanted.lockTimeout(),
        DatabaseSettings.DEFAULT_IDLE_IN_TRANSACTION_TIMEOUT,
        at.applicationName());
  }

  private static Tls tls(Configuration.Database wanted) {
    var mode =
        switch (wanted.sslMode()) {
          case DISABLE -> Tls.Mode.DISABLE;
          case PREFER -> Tls.Mode.PREFER;
          case REQUIRE -> Tls.Mode.REQUIRE;
          case VERIFY_CA -> Tls.Mode.VERIFY_CA;
          case VERIFY_FULL -> Tls.Mode.VERIFY_FULL;
        };
    return new Tls(
        mode,
        wanted.sslRootCert().orElse(null),
        wanted.sslCert().orElse(null),
        wanted.sslKey().orElse(null),
        null);
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
