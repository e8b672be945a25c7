package io.yunfu.billing.account;

import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.ConstraintViolated;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// The API keys of owners and their sub-users: made or imported, shown once, disabled. The secret
/// half is encrypted with the master key. None is ever deleted, so that the log can be read.
///
/// The directory is written first, then the cell; see [Directory].
public final class ApiKeys {
  public static final int MOST_PER_ACCOUNT = 1000;

  /// What an imported secret id looks like; ours are `AKID` and 32 more.
  public static final Pattern SECRET_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  /// What an imported secret key looks like: it is used as bytes of ASCII.
  public static final Pattern SECRET_KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");

  /// A temporary key ends by itself after this time at the latest. Source: the vendor's longest, 36
  /// hours.
  public static final Duration LONGEST_TEMPORARY = Duration.ofHours(36);

  /// After all others in every order.
  private static final Position TOP = new Position(Instant.parse("9999-12-31T00:00:00Z"), "\uffff");

  private static final String PREFIX = "AKID";
  private static final int RANDOM_LENGTH = 32;
  private static final int TOKEN_LENGTH = 64;
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final Directory directory;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final MasterKey masterKey;
  private final AccountStore accounts = new AccountStore();
  private final SubUserStore users = new SubUserStore();
  private final ApiKeyStore store = new ApiKeyStore();
  private final AuditLog audit = new AuditLog();

  /// @param random a `SecureRandom` but in tests
  public ApiKeys(Cells cells, InstantSource clock, RandomGenerator random, MasterKey masterKey) {
    this.directory = new Directory(cells);
    this.clock = clock;
    this.random = random;
    this.masterKey = masterKey;
  }

  /// A key of the owner itself, or of one of its sub-users.
  ///
  /// @param imported a pair that exists elsewhere already; made here otherwise
  /// @param lifetime makes it a temporary key with a token
  public record Command(
      Uin owner, Uin user, Optional<Pair> imported, Optional<Duration> lifetime, String remark) {
    public Command {
      lifetime.ifPresent(time ->
          require(
              time.isPositive() && time.compareTo(LONGEST_TEMPORARY) <= 0,
              "a temporary key does not live for %s",
              time));
    }

    /// A permanent key, made here.
    public static Command of(Uin owner, Uin user) {
      return new Command(owner, user, Optional.empty(), Optional.empty(), "");
    }
  }

  /// Both halves of a key pair.
  public record Pair(String secretId, String secretKey) {
    public Pair {
      require(SECRET_ID.matcher(secretId).matches(), "not a secret id");
      require(SECRET_KEY.matcher(secretKey).matches(), "not a secret key");
    }

    @Override
    public String toString() {
      return "Pair[" + secretId + ", hidden]";
    }
  }

  public Outcome<ApiKey.Made, AccountRefused> create(Operator operator, Command command) {
    var cell = directory.cellOf(command.owner());
    if (cell.isEmpty()) {
      return Outcome.refused(new AccountRefused.NoSuchAccount(command.owner()));
    }
    Pair pair =
        command
            .imported()
            .orElseGet(
                () -> new Pair(PREFIX + randomText(RANDOM_LENGTH), randomText(RANDOM_LENGTH)));
    if (!directory.placeKey(pair.secretId(), cell.get())) {
      return Outcome.refused(new AccountRefused.SecretIdTaken(pair.secretId()));
    }
    try {
      return cell.get()
          .database()
          .inTransaction(tx -> create(tx, cell.get(), operator, command, pair));
    } catch (ConstraintViolated e) {
      if (e.isDuplicate()) {
        return Outcome.refused(new AccountRefused.SecretIdTaken(pair.secretId()));
      }
      throw e;
    }
  }

  private Outcome<ApiKey.Made, AccountRefused> create(
      Transaction tx, Cell cell, Operator operator, Command command, Pair pair) {
    Uin owner = command.owner();
    if (accounts.lock(tx, owner, cell.id()).isEmpty()) {
      return Outcome.refused(new AccountRefused.NoSuchAccount(owner));
    }
    if (!command.user().equals(owner) && users.find(tx, owner, command.user()).isEmpty()) {
      return Outcome.refused(new AccountRefused.NoSuchUser(command.user()));
    }
    if (store.count(tx, owner) >= MOST_PER_ACCOUNT) {
      return Outcome.refused(
          new AccountRefused.TooMany("API keys of an account", MOST_PER_ACCOUNT));
    }
    Instant now = Times.micros(clock.instant());
    var key =
        new ApiKey(
            pair.secretId(),
            command.user(),
            owner,
            command.remark(),
            now,
            command.lifetime().map(now::plus),
            Optional.empty());
    Optional<String> token = command.lifetime().map(time -> randomText(TOKEN_LENGTH));
    store.insert(
        tx,
        key,
        masterKey.seal(pair.secretId(), pair.secretKey()),
        token.map(Token::sha256).orElse(null));
    write(tx, cell, operator, "key.create", key);
    return Outcome.done(new ApiKey.Made(key, pair.secretKey(), token));
  }

  /// Switches a key off, or on again. All nodes know within a second.
  public Outcome<ApiKey, AccountRefused> setEnabled(
      Operator operator, Uin owner, String secretId, boolean enabled) {
    var cell = directory.cellOf(owner);
    if (cell.isEmpty()) {
      return Outcome.refused(new AccountRefused.NoSuchAccount(owner));
    }
    return cell.get()
        .database()
        .inTransaction(tx -> {
          if (accounts.lock(tx, owner, cell.get().id()).isEmpty()) {
            return Outcome.refused(new AccountRefused.NoSuchAccount(owner));
          }
          if (store.find(tx, owner, secretId).isEmpty()) {
            return Outcome.refused(new AccountRefused.NoSuchKey(secretId));
          }
          store.setDisabled(
              tx, secretId, enabled ? Optional.empty() : Optional.of(clock.instant()));
          ApiKey key = store.find(tx, owner, secretId).orElseThrow();
          write(tx, cell.get(), operator, enabled ? "key.enable" : "key.disable", key);
          return Outcome.done(key);
        });
  }

  /// What to list; an absent filter lets everything pass.
  ///
  /// @param user the owner itself or one of its sub-users
  public record Filter(Optional<Uin> user, Optional<Boolean> enabled) {
    public static final Filter ALL = new Filter(Optional.empty(), Optional.empty());
  }

  /// Where a list goes on: after this key.
  public record Position(Instant createdAt, String secretId) {
    public static Position of(ApiKey key) {
      return new Position(key.createdAt(), key.secretId());
    }
  }

  /// The newest first, disabled ones included; those of the sub-users too.
  public List<ApiKey> list(Uin owner, Filter filter, Optional<Position> after, int limit) {
    var before = after.orElse(TOP);
    return directory
        .cellOf(owner)
        .map(cell -> cell.database().read(tx -> store.list(tx, owner, filter, before, limit)))
        .orElse(List.of());
  }

  private void write(Transaction tx, Cell cell, Operator operator, String action, ApiKey key) {
    var detail =
        Detail.of("secretId", key.secretId())
            .and("user", key.user())
            .and("expiresAt", key.expiresAt())
            .and("remark", key.remark());
    audit.write(
        tx, cell.ids(), clock.instant(), operator, action, Accounts.subject(key.owner()), detail);
    accounts.announce(tx, key.owner());
  }

  private String randomText(int length) {
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}
