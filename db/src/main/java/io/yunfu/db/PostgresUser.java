package io.yunfu.db;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// As whom PostgreSQL runs. It refuses root; so, started as root, we run it as another user of this
/// machine: the owner of the data directory, else `postgres`, else `nobody`, else the first who may
/// log in.
///
/// @param prefix what to put in front of a command to run it as this user; empty for ourselves
record PostgresUser(String name, int uid, int gid, List<String> prefix) {

  /// The shell that `su` starts becomes the program it was asked for.
  private static final String SU_RUNS = "exec \"$0\" \"$@\"";

  private static final Path PASSWORD_FILE = Path.of("/etc/passwd");

  /// @param directory must be within this user's reach
  /// @param data the data directory, which may not be there yet
  static PostgresUser choose(Path directory, Path data) throws IOException {
    UnixSystem self = new UnixSystem();
    if (self.getUid() != 0) {
      if (Files.exists(data) && Modes.ownerOf(data) != self.getUid()) {
        throw new EmbeddedPostgresFailed(
            "The database in %s belongs to user number %d, but this is user number %d. Start as its owner or as root, or give another directory."
                .formatted(directory, Modes.ownerOf(data), self.getUid()));
      }
      return new PostgresUser(
          self.getUsername(), (int) self.getUid(), (int) self.getGid(), List.of());
    }
    StringBuilder tried = new StringBuilder();
    for (Account account : candidates(data)) {
      for (List<String> prefix : waysToBecome(account)) {
        Reach reach = reach(account, prefix, directory, tried);
        if (reach == Reach.ENTERED) {
          return new PostgresUser(account.name, account.uid, account.gid, prefix);
        }
        if (reach == Reach.SHUT_OUT) {
          throw shutOut(account, directory);
        }
      }
    }
    throw new EmbeddedPostgresFailed(
        "PostgreSQL does not run as root, and no other user can be used instead. Start Yunfu as another user, or give the URL of a PostgreSQL. Tried: "
            + (tried.isEmpty() ? "no user in " + PASSWORD_FILE : tried));
  }

  List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(command);
    return whole;
  }

  /// The same for a program that goes on: in a session of its own, since Ctrl-C in a terminal goes
  /// to all of one, and it is for us to stop the server, and last. (`su` makes a session by
  /// itself.)
  List<String> serverCommand(List<String> command) {
    List<String> whole = new ArrayList<>(prefix);
    String setsid = Commands.find("setsid");
    if (setsid != null && !prefix.contains(SU_RUNS)) {
      whole.add(setsid);
    }
    whole.addAll(command);
    return whole;
  }

  boolean isSelf() {
    return prefix.isEmpty();
  }

  private record Account(String name, int uid, int gid, String shell) {
    boolean mayLogIn() {
      return uid >= 1000 && uid < 65534 && !shell.endsWith("nologin") && !shell.endsWith("false");
    }
  }

  private static List<Account> candidates(Path data) throws IOException {
    List<Account> all = accounts();
    List<Account> candidates = new ArrayList<>();
    if (Files.exists(data) && Modes.ownerOf(data) != 0) {
      int uid = Modes.ownerOf(data);
      int gid = Modes.groupOf(data);
      Optional<Account> named = all.stream().filter(account -> account.uid == uid).findFirst();
      String name = named.map(Account::name).orElse(Integer.toString(uid));
      candidates.add(new Account(name, uid, gid, ""));
      return candidates;
    }
    all.stream().filter(a -> a.name.equals("postgres") && a.uid != 0).forEach(candidates::add);
    all.stream().filter(a -> a.name.equals("nobody") && a.uid != 0).forEach(candidates::add);
    all.stream().filter(Account::mayLogIn).limit(1).forEach(candidates::add);
    return candidates;
  }

  private static List<Account> accounts() throws IOException {
    List<Account> accounts = new ArrayList<>();
    if (Files.isReadable(PASSWORD_FILE)) {
      for (String line : Files.readAllLines(PASSWORD_FILE)) {
        String[] fields = line.split(":", -1);
        if (fields.length >= 7
            && fields[2].matches("[0-9]{1,9}")
            && fields[3].matches("[0-9]{1,9}")) {
          accounts.add(
              new Account(
                  fields[0], Integer.parseInt(fields[2]), Integer.parseInt(fields[3]), fields[6]));
        }
      }
    }
    return accounts;
  }

  /// The first replaces itself by the program it runs, so that we are the parent of PostgreSQL; the
  /// others stay in between.
  private static List<List<String>> waysToBecome(Account account) {
    List<List<String>> ways = new ArrayList<>();
    String setpriv = Commands.find("setpriv");
    if (setpriv != null) {
      ways.add(
          List.of(setpriv, "--reuid=" + account.uid, "--regid=" + account.gid, "--clear-groups"));
    }
    String runuser = Commands.find("runuser");
    if (runuser != null) {
      ways.add(List.of(runuser, "-u", account.name, "--"));
    }
    String su = Commands.find("su");
    if (su != null) {
      ways.add(List.of(su, "-s", "/bin/sh", account.name, "-c", SU_RUNS, "--"));
    }
    return ways;
  }

  private enum Reach {
    NOT_THIS_WAY,
    SHUT_OUT,
    ENTERED
  }

  private static Reach reach(
      Account account, List<String> prefix, Path directory, StringBuilder tried)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of("/bin/sh", "-c", "id -u && cd \"$1\" && echo entered", "sh", directory.toString()));
    Commands.Result result = Commands.run(command);
    List<String> lines = result.output().lines().toList();
    if (!lines.contains(Integer.toString(account.uid))) {
      tried.append("%s by %s: %s; ".formatted(account.name, prefix.getFirst(), result.output()));
      return Reach.NOT_THIS_WAY;
    }
    return lines.contains("entered") ? Reach.ENTERED : Reach.SHUT_OUT;
  }

  private static EmbeddedPostgresFailed shutOut(Account account, Path directory)
      throws IOException {
    Path barrier = barrier(account, directory);
    return new EmbeddedPostgresFailed(
        "PostgreSQL does not run as root but as user %s, who may not enter %s%s. Either let that user pass (chmod o+x %s) or give a directory elsewhere, such as /var/lib/yunfu."
            .formatted(
                account.name,
                barrier == null ? directory : barrier,
                barrier == null ? "" : " (mode " + Modes.of(barrier) + ")",
                barrier == null ? directory : barrier));
  }

  /// The first folder on the way down that this user may not enter.
  private static @Nullable Path barrier(Account account, Path directory) throws IOException {
    for (int depth = 0; depth <= directory.getNameCount(); depth++) {
      Path folder =
          depth == 0
              ? directory.getRoot()
              : directory.getRoot().resolve(directory.subpath(0, depth));
      int position =
          Modes.ownerOf(folder) == account.uid ? 2 : Modes.groupOf(folder) == account.gid ? 5 : 8;
      if (Modes.of(folder).charAt(position) != 'x') {
        return folder;
      }
    }
    return null;
  }
}
