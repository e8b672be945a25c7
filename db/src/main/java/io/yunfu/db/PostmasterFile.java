package io.yunfu.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `postmaster.pid`, in which a PostgreSQL server says where it runs and how far it is. Source:
/// `src/include/utils/pidfile.h`: line 1 the process, 2 the data directory, 3 the start time, 4 the
/// port, 5 the socket directory, 6 the address, 7 the shared memory, 8 the status.
///
/// @param data the data directory
/// @param lines may be fewer than eight while the server starts
record PostmasterFile(Path data, List<String> lines) {
  private static final String NAME = "postmaster.pid";
  private static final int STATUS = 7;

  PostmasterFile {
    lines = List.copyOf(lines);
  }

  static Optional<PostmasterFile> in(Path data) throws IOException {
    try {
      return Optional.of(new PostmasterFile(data, Files.readAllLines(data.resolve(NAME))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// 0 when the file does not say.
  long pid() {
    String first = lines.isEmpty() ? "" : lines.getFirst().strip();
    return first.matches("[0-9]{1,10}") ? Long.parseLong(first) : 0;
  }

  boolean isReady() {
    return lines.size() > STATUS && lines.get(STATUS).strip().equals("ready");
  }

  /// The server that wrote this, if it still runs. A process that got its number by chance is none.
  Optional<ProcessHandle> server() throws IOException {
    Optional<ProcessHandle> process =
        pid() == 0 ? Optional.empty() : ProcessHandle.of(pid()).filter(ProcessHandle::isAlive);
    return process.isPresent() && isServer(process.get()) ? process : Optional.empty();
  }

  private boolean isServer(ProcessHandle process) throws IOException {
    String command = process.info().command().orElse("");
    if (!command.isEmpty() && !command.endsWith("/postgres")) {
      return false;
    }
    // Linux tells a process's working directory, and a postmaster works in its data directory.
    Path working = Path.of("/proc", Long.toString(process.pid()), "cwd");
    try {
      return Files.readSymbolicLink(working).equals(data.toRealPath());
    } catch (IOException | UnsupportedOperationException e) {
      return !command.isEmpty();
    }
  }

  /// PostgreSQL refuses to start when the process of this file is alive, whatever it is by now. So
  /// the number, and nothing else, is replaced by one that no process has: from the other lines
  /// PostgreSQL still sees whether an old backend uses the shared memory.
  void disown(PostgresUser owner) throws IOException {
    List<String> disowned = new ArrayList<>(lines);
    disowned.set(0, Integer.toString(Integer.MAX_VALUE));
    // A new file that takes the old one's place: root follows no link of another user.
    Path draft = data.resolve(NAME + ".new");
    Files.deleteIfExists(draft);
    Files.write(draft, disowned, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Modes.set(draft, "rw-------");
    if (!owner.isSelf()) {
      Modes.give(draft, owner.uid(), owner.gid());
    }
    Files.move(draft, data.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }
}
