package io.yunfu.operator;

import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// The tokens that open the admin API. Each has a name, which the audit log writes down; the token
/// itself is shown once and kept as its SHA-256. With 256 random bits it needs no salt.
public final class AdminTokens {
  public static final String FIRST = "first";

  /// What a name of a token looks like.
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}");

  /// So that a token can be told in a file, and found by scanners for lost secrets.
  private static final String PREFIX = "yunfu_admin_";

  private static final int RANDOM_BYTES = 32;

  /// Longer texts are no token of ours; they are not even looked up.
  private static final int MAX_LENGTH = 256;

  /// After all others in every order.
  private static final Position TOP = new Position(AuditLog.END, "\uffff");

  private final Cells cells;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final AdminTokenStore store = new AdminTokenStore();
  private final AuditLog audit = new AuditLog();

  /// @param random a `SecureRandom` but in tests
  public AdminTokens(Cells cells, InstantSource clock, RandomGenerator random) {
    this.cells = cells;
    this.clock = clock;
    this.random = random;
  }

  /// A token without the token.
  ///
  /// @param revokedAt empty while it opens the door
  public record Token(String name, Instant createdAt, Optional<Instant> revokedAt) {}

  public sealed interface Refused {
    record NoSuchToken(String name) implements Refused {}

    record NameTaken(String name) implements Refused {}

    /// Without any token nobody could make a new one.
    record LastToken(String name) implements Refused {}
  }

  /// Makes the first token of a new installation. To be printed once: it cannot be had again.
  ///
  /// @return empty when there are, or ever were, tokens already
  public Optional<String> ensureFirst() {
    String token = newToken();
    boolean made =
        cells
            .directory()
            .inTransaction(tx -> {
              if (!store.isEmpty(tx) || !store.insert(tx, sha256(token), FIRST, clock.instant())) {
                return false;
              }
              var self = new Operator("server", "first-start");
              audit(tx, self, "token.create", FIRST);
              return true;
            });
    return made ? Optional.of(token) : Optional.empty();
  }

  /// A further token.
  ///
  /// @return the token, which is shown this once
  public Outcome<String, Refused> create(Operator operator, String name) {
    String token = newToken();
    return cells
        .directory()
        .inTransaction(tx -> {
          if (!store.insert(tx, sha256(token), name, clock.instant())) {
            return Outcome.refused(new Refused.NameTaken(name));
          }
          audit(tx, operator, "token.create", name);
          return Outcome.done(token);
        });
  }

  /// From now on it opens nothing.
  public Outcome<String, Refused> revoke(Operator operator, String name) {
    return cells
        .directory()
        .inTransaction(tx -> {
          var active = store.lockActive(tx);
          if (!active.contains(name)) {
            return Outcome.refused(new Refused.NoSuchToken(name));
          }
          if (active.size() == 1) {
            return Outcome.refused(new Refused.LastToken(name));
          }
          store.revoke(tx, name, clock.instant());
          audit(tx, operator, "token.revoke", name);
          return Outcome.done(name);
        });
  }

  /// Where a list goes on: after this token.
  public record Position(Instant createdAt, String name) {
    public static Position of(Token token) {
      return new Position(token.createdAt(), token.name());
    }
  }

  /// The newest first.
  ///
  /// @param active only those that open the door, or only those that no longer do
  public List<Token> list(Optional<Boolean> active, Optional<Position> after, int limit) {
    var before = after.orElse(TOP);
    return cells.directory().read(tx -> store.list(tx, active, before, limit));
  }

  /// Whose token this is. Asks the directory each time, so that a revoked token is refused at once,
  /// and compares digests in constant time.
  public Optional<String> nameOf(String token) {
    if (token.isEmpty() || token.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    byte[] sha256 = sha256(token);
    return cells
        .directory()
        .read(tx -> store.find(tx, sha256))
        .filter(stored -> MessageDigest.isEqual(stored.sha256(), sha256))
        .map(AdminTokenStore.Stored::name);
  }

  private void audit(Transaction tx, Operator operator, String action, String name) {
    var ids = cells.all().getFirst().ids();
    audit.write(tx, ids, clock.instant(), operator, action, "token/" + name, Detail.none());
  }

  private String newToken() {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
