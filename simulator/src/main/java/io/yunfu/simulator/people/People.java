package io.yunfu.simulator.people;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.clock.Timeline;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.ledger.Ledger;
import io.yunfu.simulator.seed.Seed;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Everybody who can pay. Also whoever turns up with an id that nobody here knows, if strangers are
/// welcome: they get a purse of their own.
public final class People {
  /// How long a payment code can be used. Source: channels.md, section 7.4.
  public static final Duration CODE_LIFE = Duration.ofSeconds(60);

  /// Codes that are remembered, so that an old one is told apart from an invented one.
  private static final int CODES_KEPT = 100_000;

  private static final long PURSE = 10_000_000_00L;

  /// Those who are there by default, one for each trait that a payment can fail by.
  private static final String DEFAULTS =
      """
      {"users": [
        {"name": "alice", "display": "艾丽", "balance": 10000000},
        {"name": "bob", "display": "小波", "balance": 1},
        {"name": "carol", "display": "卡萝", "balance": 10000000, "credit_only": true},
        {"name": "dave", "display": "大卫", "balance": 10000000, "frozen": true},
        {"name": "erin", "display": "艾琳", "balance": 10000000, "needs_password": true}
      ]}
      """;

  private final Seed seed;
  private final Timeline timeline;
  private final Ledger ledger;
  private final Map<String, User> users = new LinkedHashMap<>();
  private final Map<String, PaymentCode> codes =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PaymentCode> eldest) {
          return size() > CODES_KEPT;
        }
      };

  /// From a WeChat application and an id there to the user's name.
  private final Map<String, String> identities = new HashMap<>();

  /// The same from the id alone: an id of another application is no stranger's.
  private final Map<String, String> openidUsers = new HashMap<>();

  /// From both kinds of Alipay id to the user's name.
  private final Map<String, String> alipayUsers = new HashMap<>();

  /// WeChat applications for which the ids of all users have been derived.
  private final Set<String> applications = new HashSet<>();

  private boolean strangersWelcome = true;

  public People(Seed seed, Timeline timeline, Ledger ledger) {
    this.seed = seed;
    this.timeline = timeline;
    this.ledger = ledger;
  }

  /// Begins with the users of a configuration, or with the default ones.
  public synchronized void reset(List<Fields> configured, boolean strangersWelcome) {
    users.clear();
    codes.clear();
    identities.clear();
    openidUsers.clear();
    alipayUsers.clear();
    applications.clear();
    this.strangersWelcome = strangersWelcome;
    List<Fields> all =
        configured.isEmpty()
            ? Fields.of(io.yunfu.simulator.json.Json.read(DEFAULTS)).objects("users")
            : configured;
    all.forEach(this::register);
  }

  /// Adds a user.
  ///
  /// @throws BadInput if it makes no sense, or the name or an id is taken
  public synchronized User register(Fields fields) {
    String name = fields.needText("name");
    if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
      throw fields.wrong("name", "1 to 64 letters, digits, dots, hyphens or underscores");
    }
    if (users.containsKey(name)) {
      throw new BadInput("there is a user " + name + " already");
    }
    var user =
        new User(
            name,
            fields.text("display", name),
            fields.table("openids"),
            fields.text("alipay_user_id", alipayUserId(name)),
            fields.text("alipay_open_id", token("alipay open id/" + name, 32)),
            fields.flag("credit_only", false),
            fields.flag("frozen", false),
            fields.flag("needs_password", false));
    if (!user.alipayUserId().matches("2088[0-9]{12}")) {
      throw fields.wrong("alipay_user_id", "16 digits that begin with 2088");
    }
    long balance = fields.number("balance", PURSE);
    if (balance < 0) {
      throw fields.wrong("balance", "not negative; it is in fen");
    }
    fields.done();
    add(user, balance);
    return user;
  }

  public synchronized List<User> all() {
    return new ArrayList<>(users.values());
  }

  public synchronized Optional<User> named(String name) {
    return Optional.ofNullable(users.get(name));
  }

  /// The user's id in a WeChat application.
  public synchronized String openid(User user, String appId) {
    String given = user.openids().get(appId);
    if (given != null) {
      return given;
    }
    String derived = "o" + token("openid/" + appId + "/" + user.name(), 27);
    identify(appId, derived, user);
    return derived;
  }

  /// The user's ids in all applications that have come up so far.
  public synchronized Map<String, String> openids(User user) {
    Map<String, String> openids = new TreeMap<>(user.openids());
    applications.forEach(appId -> openids.put(appId, openid(user, appId)));
    return openids;
  }

  /// Makes an application known, so that its users' ids can be looked up.
  public synchronized void knowApplication(String appId) {
    if (applications.add(appId)) {
      users.values().forEach(user -> openid(user, appId));
    }
  }

  /// Whose id this is in a WeChat application. Empty if it is the id of somebody in another one, or
  /// nobody's and strangers are not welcome.
  public synchronized Optional<User> byOpenid(String appId, String openid) {
    knowApplication(appId);
    String known = openidUsers.get(openid);
    if (known != null) {
      return Optional.ofNullable(identities.get(appId + "/" + openid)).map(users::get);
    }
    return stranger(openid, Map.of(appId, openid), Optional.empty(), Optional.empty());
  }

  public synchronized Optional<User> byAlipayUserId(String userId) {
    return byAlipay(userId, Optional.of(userId), Optional.empty());
  }

  public synchronized Optional<User> byAlipayOpenId(String openId) {
    return byAlipay(openId, Optional.empty(), Optional.of(openId));
  }

  private Optional<User> byAlipay(String id, Optional<String> userId, Optional<String> openId) {
    String known = alipayUsers.get(id);
    return known != null
        ? Optional.ofNullable(users.get(known))
        : stranger(id, Map.of(), userId, openId);
  }

  /// What the user has left.
  public Money balance(User user) {
    return ledger.balance(user.account());
  }

  /// A new payment code.
  ///
  /// @param first the smallest pair of digits that it may begin with, such as 10 for WeChat
  /// @param last the largest, such as 15
  public synchronized PaymentCode issueCode(User user, int first, int last) {
    var draws = seed.of("payment code");
    String digits = (first + draws.below(last - first + 1)) + draws.digits(16);
    var code = new PaymentCode(digits, user, timeline.now().plus(CODE_LIFE), false);
    codes.put(digits, code);
    return code;
  }

  /// A code as it is now, whether used or not.
  public synchronized Optional<PaymentCode> code(String digits) {
    return Optional.ofNullable(codes.get(digits));
  }

  public synchronized void spend(PaymentCode code) {
    codes.put(code.code(), code.spent());
  }

  private Optional<User> stranger(
      String id, Map<String, String> openids, Optional<String> userId, Optional<String> openId) {
    if (!strangersWelcome) {
      return Optional.empty();
    }
    String name = "stranger-" + token("stranger/" + id, 8);
    var user =
        new User(
            name,
            name,
            openids,
            userId.orElse(alipayUserId(name)),
            openId.orElse(token("alipay open id/" + name, 32)),
            false,
            false,
            false);
    add(user, PURSE);
    return Optional.of(user);
  }

  private void add(User user, long balance) {
    user.openids()
        .forEach((appId, openid) -> {
          if (identities.containsKey(appId + "/" + openid)) {
            throw new BadInput("the openid of " + user.name() + " in " + appId + " is taken");
          }
        });
    for (String id : List.of(user.alipayUserId(), user.alipayOpenId())) {
      if (alipayUsers.containsKey(id)) {
        throw new BadInput("the Alipay id " + id + " is taken");
      }
    }
    users.put(user.name(), user);
    user.openids().forEach((appId, openid) -> identify(appId, openid, user));
    applications.forEach(appId -> openid(user, appId));
    alipayUsers.put(user.alipayUserId(), user.name());
    alipayUsers.put(user.alipayOpenId(), user.name());
    ledger.open(timeline.now(), user.account(), Money.cny(balance));
  }

  private void identify(String appId, String openid, User user) {
    identities.put(appId + "/" + openid, user.name());
    openidUsers.put(openid, user.name());
  }

  private String alipayUserId(String name) {
    var number = new BigInteger(1, seed.digest("alipay user/" + name));
    return "2088%012d".formatted(number.mod(BigInteger.TEN.pow(12)));
  }

  private String token(String purpose, int length) {
    return Base64.getUrlEncoder()
        .encodeToString(seed.digest(purpose))
        .replace('=', '0')
        .substring(0, length);
  }
}
