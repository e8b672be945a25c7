package io.yunfu.server.config;

import io.yunfu.billing.delivery.DeliverySettings;
import io.yunfu.billing.pay.PayEngine;
import io.yunfu.db.DatabaseSettings;
import io.yunfu.db.LaneSettings;
import io.yunfu.db.Tls;
import io.yunfu.gateway.notice.NoticeSchedule;
import io.yunfu.gateway.payment.GatewaySettings;
import io.yunfu.gateway.payment.LookSchedule;
import io.yunfu.gateway.payment.OrderLanes;
import io.yunfu.gateway.reconcile.ReconcileSettings;
import io.yunfu.kernel.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// All settings of a node. Each record below is one section of keys; its `declare` is the only
/// place where a key's name, default, bounds and documentation stand.
public record Configuration(
    Http http,
    Https https,
    Data data,
    Database database,
    Cells cells,
    Optional<Secret> masterKey,
    Admin admin,
    Api api,
    RateLimits rateLimits,
    Billing billing,
    Deal deal,
    Pay pay,
    Delivery delivery,
    Gateway gateway,
    Log log,
    Metrics metrics,
    Tracing tracing) {

  /// Reads the tree.
  ///
  /// @param sources the later ones win; usually the file, the environment, the command line
  /// @throws ConfigurationInvalid with all mistakes together
  public static Configuration read(List<Source> sources) {
    Keys keys = new Keys(sources);
    Configuration configuration = declare(keys);
    keys.finish();
    return configuration;
  }

  /// The defaults with some keys set otherwise: for tests and for programs that embed the server.
  public static Configuration with(Map<String, String> keys) {
    return read(List.of(Source.of("the program", keys)));
  }

  /// Refuses actions that some key names and the API does not have. Kept apart from reading, since
  /// the list of actions is the API's.
  ///
  /// @throws ConfigurationInvalid naming each of them, with the nearest action there is
  public void checkActions(Set<String> actions) {
    List<String> mistakes = new ArrayList<>();
    Map<String, Set<String>> named = new TreeMap<>(rateLimits.namedActions());
    api.offlineActions()
        .forEach(action -> named.merge(action, Set.of("api.offline-actions"), (a, b) -> a));
    named.forEach((action, keys) -> {
      if (!actions.contains(action)) {
        String nearest =
            actions.stream()
                .min(Comparator.comparingInt(known -> Keys.distance(action, known)))
                .orElse("");
        mistakes.add(
            "%s: there is no action '%s'; did you mean '%s'?"
                .formatted(String.join(", ", keys), action, nearest));
      }
    });
    if (!mistakes.isEmpty()) {
      throw new ConfigurationInvalid(mistakes);
    }
  }

  static Configuration declare(Keys keys) {
    Http http = Http.declare(keys);
    Https https = Https.declare(keys, http);
    Data data = Data.declare(keys);
    Database database = Database.declare(keys);
    Cells cells = Cells.declare(keys);
    Optional<Secret> masterKey = masterKey(keys, database);
    return new Configuration(
        http,
        https,
        data,
        database,
        cells,
        masterKey,
        Admin.declare(keys),
        Api.declare(keys),
        rateLimits(keys),
        Billing.declare(keys),
        Deal.declare(keys),
        Pay.declare(keys),
        Delivery.declare(keys),
        Gateway.declare(keys),
        Log.declare(keys),
        Metrics.declare(keys),
        Tracing.declare(keys));
  }

  /// The listener.
  ///
  /// @param publicHosts further `Host` values that a client may have signed
  public record Http(
      boolean enabled,
      String host,
      int port,
      List<String> publicHosts,
      AddressRanges trustedProxies,
      List<String> corsOrigins,
      int maxConnections,
      int acceptQueue,
      Duration requestTimeout,
      Duration idleTimeout,
      Duration shutdownGrace,
      DataSize gzipFrom,
      DataSize bodyMemory) {
    static Http declare(Keys keys) {
      keys.section("http", "The listener, and what holds for HTTPS too.");
      Http http =
          new Http(
              keys.flag("http.enabled", true, "Whether to listen for plain HTTP."),
              keys.text(
                  "http.host",
                  "127.0.0.1",
                  "The address to listen on, for HTTP and HTTPS; `0.0.0.0` for all of the machine."),
              keys.number(
                  "http.port", "port", 8080, 0, 65_535, "The port of HTTP; 0 takes a free one."),
              keys.list(
                  "http.public-hosts",
                  "Names, with or without port, under which clients reach this server through a proxy"
                      + " that changes the `Host` header; signatures over these are accepted too."),
              keys.addresses(
                  "http.trusted-proxies",
                  "Proxies whose `X-Forwarded-For`, `-Host` and `-Proto` are believed. From all"
                      + " others these headers are removed."),
              keys.list(
                  "http.cors-origins",
                  "Origins whose pages may call the API from a browser, as `https://host[:port]`."),
              keys.number(
                  "http.max-connections",
                  "connections",
                  8192,
                  1,
                  1_000_000,
                  "Open connections, HTTP and HTTPS together; past it new ones wait in the accept"
                      + " queue."),
              keys.number(
                  "http.accept-queue",
                  "connections",
                  1024,
                  1,
                  65_535,
                  "Connections that the operating system holds for us before it refuses."),
              keys.duration(
                  "http.request-timeout",
                  "30s",
                  "100ms",
                  "10m",
                  "Time for a whole request to arrive, from its first byte to its last; a slower"
                      + " client is cut off."),
              keys.duration(
                  "http.idle-timeout",
                  "60s",
                  "100ms",
                  "1h",
                  "How long a connection may stay open without a byte going either way."),
              keys.duration(
                  "http.shutdown-grace",
                  "30s",
                  "0",
                  "10m",
                  "How long a stopping server waits for the requests it has admitted."),
              keys.size(
                  "http.gzip-from",
                  "4KiB",
                  "256",
                  "1GiB",
                  "Answers of this size and more are compressed when the client accepts gzip."),
              keys.size(
                  "http.body-memory",
                  "64MiB",
                  "16MiB",
                  "64GiB",
                  "Memory for the bodies of requests above 64KiB, all together; past it requests"
                      + " wait for their turn."));
      http.corsOrigins.stream()
          .filter(origin -> !origin.matches("https?://[^/\\s]+"))
          .forEach(origin ->
              keys.mistake(
                  "http.cors-origins: '%s' is not of the form https://host[:port]", origin));
      return http;
    }
  }

  public record Https(
      int port, Optional<Path> certificateFile, Optional<Path> keyFile, Duration reloadInterval) {
    static Https declare(Keys keys, Http http) {
      keys.section("https", "The listener with TLS 1.2 and 1.3 and a certificate of your own.");
      Https https =
          new Https(
              keys.number("https.port", "port", 0, 0, 65_535, "The port of HTTPS; 0 for none."),
              keys.path(
                  "https.certificate-file",
                  "The certificate and those that signed it, as PEM, the server's own first."),
              keys.path("https.key-file", "Its private key, as PEM, without a password."),
              keys.duration(
                  "https.reload-interval",
                  "30s",
                  "1s",
                  "1d",
                  "How often the two files are looked at; changed ones are taken without a"
                      + " restart, broken ones are logged and not taken."));
      if (https.enabled() && (https.certificateFile.isEmpty() || https.keyFile.isEmpty())) {
        keys.mistake("https.port: HTTPS needs https.certificate-file and https.key-file");
      }
      if (!https.enabled() && !http.enabled) {
        keys.mistake("http.enabled: without HTTP, https.port must be set, or nothing listens");
      }
      if (https.enabled() && http.enabled && https.port == http.port) {
        keys.mistake("https.port: is the same as http.port");
      }
      return https;
    }

    public boolean enabled() {
      return port != 0;
    }
  }

  public record Data(Path directory) {
    static Data declare(Keys keys) {
      keys.section("data", "What a node keeps on disk.");
      return new Data(
          keys.path(
              "data.directory",
              "data",
              "The embedded database, its binaries and its keys. Not used with `database.url`."));
    }
  }

  /// The database.
  ///
  /// @param url empty for the embedded one
  public record Database(
      Optional<String> url,
      String user,
      Optional<Secret> password,
      Tls.Mode sslMode,
      Optional<Path> sslRootCert,
      Optional<Path> sslCert,
      Optional<Path> sslKey,
      int poolSize,
      Duration connectTimeout,
      Duration statementTimeout,
      Duration lockTimeout,
      Duration idleInTransactionTimeout) {
    static Database declare(Keys keys) {
      keys.section("database", "PostgreSQL, 15 or newer; an embedded one if no URL is given.");
      Database database =
          new Database(
              keys.optionalText(
                  "database.url",
                  "Where it is, as `postgresql://host[:port][,host…]/name`; without it an embedded"
                      + " PostgreSQL is started in `data.directory`."),
              keys.text("database.user", "yunfu", "The role to sign in as."),
              keys.secret("database.password", "Its password."),
              keys.choice(
                  "database.ssl-mode",
                  Tls.Mode.PREFER,
                  "How far TLS to the database is insisted on; across machines use `verify-full`."),
              keys.path(
                  "database.ssl-root-cert",
                  "Whom to trust, as PEM; empty for the JDK's list of authorities."),
              keys.path("database.ssl-cert", "Our own certificate, where it asks for one, as PEM."),
              keys.path(
                  "database.ssl-key", "The key of that certificate, PKCS-8 in DER or PKCS-12."),
              keys.number(
                  "database.pool-size",
                  "connections",
                  DatabaseSettings.DEFAULT_POOL_SIZE,
                  2,
                  1000,
                  "Connections for each cell at most, and for the directory."),
              keys.duration(
                  "database.connect-timeout",
                  Durations.text(DatabaseSettings.DEFAULT_CONNECT_TIMEOUT),
                  "250ms",
                  "5m",
                  "How long to wait for a connection, new or pooled. Short, so that requests fail"
                      + " fast while the database is away."),
              keys.duration(
                  "database.statement-timeout",
                  Durations.text(DatabaseSettings.DEFAULT_STATEMENT_TIMEOUT),
                  "100ms",
                  "10m",
                  "How long one statement may run."),
              keys.duration(
                  "database.lock-timeout",
                  Durations.text(DatabaseSettings.DEFAULT_LOCK_TIMEOUT),
                  "100ms",
                  "10m",
                  "How long one statement may wait for a row that another transaction holds."),
              keys.duration(
                  "database.idle-in-transaction-timeout",
                  Durations.text(DatabaseSettings.DEFAULT_IDLE_IN_TRANSACTION_TIMEOUT),
                  "1s",
                  "10m",
                  "After which the database cuts a transaction that says nothing, so that a node"
                      + " that hangs holds no row for ever."));
      try {
        database.settings();
      } catch (IllegalArgumentException e) {
        keys.mistake("database: %s", String.valueOf(e.getMessage()));
      }
      return database;
    }

    public boolean embedded() {
      return url.isEmpty();
    }

    /// How to reach the database at the URL; empty for the embedded one.
    public Optional<DatabaseSettings> settings() {
      return url.map(address ->
          bounded(
              DatabaseSettings.of(address, user, password.map(Secret::reveal).orElse(""))
                  .withTls(
                      new Tls(
                          sslMode,
                          sslRootCert.orElse(null),
                          sslCert.orElse(null),
                          sslKey.orElse(null),
                          null))));
    }

    /// The same database with our pool size and timeouts: also for the embedded one.
    public DatabaseSettings bounded(DatabaseSettings base) {
      return new DatabaseSettings(
          base.url(),
          base.user(),
          base.password(),
          base.tls(),
          poolSize,
          connectTimeout,
          statementTimeout,
          lockTimeout,
          idleInTransactionTimeout,
          base.applicationName());
    }
  }

  public record Cells(int count) {
    static Cells declare(Keys keys) {
      keys.section("cells", "How the owners are spread over schemas.");
      return new Cells(
          keys.number(
              "cells.count",
              "cells",
              1,
              1,
              1000,
              "Cells there are at least; more can be added later, never fewer. One is right for"
                  + " one database machine."));
    }
  }

  private static Optional<Secret> masterKey(Keys keys, Database database) {
    keys.section("master-key", "The key under which secrets are kept in the database.");
    Optional<Secret> key =
        keys.secret(
            "master-key",
            "32 bytes in hex or Base64, the same on each node. Needed with `database.url`; with the"
                + " embedded database one is made in `data.directory` at the first start. Without it"
                + " no API key can be read: keep a copy.");
    try {
      key.ifPresent(Secret::keyOf32Bytes);
    } catch (IllegalArgumentException e) {
      keys.mistake("master-key: %s", String.valueOf(e.getMessage()));
    }
    if (key.isEmpty() && !database.embedded()) {
      keys.mistake("master-key: must be set, itself or as master-key-file, with database.url");
    }
    return key;
  }

  public record Admin(
      boolean enabled, Optional<Secret> token, AddressRanges allowedAddresses, DataSize bodyLimit) {
    static Admin declare(Keys keys) {
      keys.section("admin", "The operator's API, under `/admin/v1/`.");
      return new Admin(
          keys.flag("admin.enabled", true, "Whether this node answers it."),
          keys.secret(
              "admin.token",
              "A token that is always accepted, beside those made with `yunfu admin`."),
          keys.addresses(
              "admin.allowed-addresses", "From where it may be called; empty for everywhere."),
          keys.size("admin.body-limit", "1MiB", "1KiB", "64MiB", "The largest body accepted."));
    }
  }

  public record Api(
      Duration clockWindow,
      DataSize getLimit,
      DataSize postV1Limit,
      DataSize postV3Limit,
      DataSize responseLimit,
      Optional<String> anonymous,
      AddressRanges allowedAddresses,
      AddressRanges blockedAddresses,
      int addressRateLimit,
      int accountRateLimit,
      List<String> offlineActions) {
    static Api declare(Keys keys) {
      keys.section("api", "The signed API, at `/`.");
      return new Api(
          keys.duration(
              "api.clock-window",
              "300s",
              "1s",
              "1d",
              "How far a request's timestamp may be from our clock, either way."),
          keys.size(
              "api.get-limit",
              "32KiB",
              "1KiB",
              "32KiB",
              "The largest target (path and query) of a GET."),
          keys.size(
              "api.post-v1-limit", "1MiB", "1KiB", "64MiB", "The largest body, signature v1."),
          keys.size(
              "api.post-v3-limit", "10MiB", "1KiB", "64MiB", "The largest body, signature v3."),
          keys.size("api.response-limit", "10MiB", "1KiB", "64MiB", "The largest answer."),
          keys.optionalText(
              "api.anonymous",
              "The SecretId that unsigned calls (`Authorization: SKIP`) act as; empty to refuse them."
                  + " For tests alone."),
          keys.addresses(
              "api.allowed-addresses", "From where it may be called; empty for everywhere."),
          keys.addresses("api.blocked-addresses", "From where it may not; wins over the above."),
          keys.number(
              "api.address-rate-limit",
              "calls per second",
              0,
              0,
              1_000_000,
              "Calls from one address, before they are authenticated; 0 for no limit."),
          keys.number(
              "api.account-rate-limit",
              "calls per second",
              0,
              0,
              1_000_000,
              "Calls of one account over all actions; 0 for no limit."),
          keys.list("api.offline-actions", "Actions switched off; they answer `ActionOffline`."));
    }
  }

  private static RateLimits rateLimits(Keys keys) {
    keys.section(
        "rate-limit",
        "Calls of one action that an account may make in a second, on each node. The most special"
            + " key wins.");
    String unit = "calls per second";
    return new RateLimits(
        keys.number(
            "rate-limit.default",
            unit,
            20,
            0,
            1_000_000,
            "For every action and account without a key of its own; 0 for no limit."),
        keys.numbers(
            "rate-limit.actions.{ACTION}",
            RateLimits.ACTION,
            unit,
            0,
            1_000_000,
            "For one action, such as `rate-limit.actions.PayDeals = 50`."),
        keys.numbers(
            "rate-limit.accounts.{UIN}[.ACTION]",
            RateLimits.ACCOUNT,
            unit,
            0,
            1_000_000,
            "For each action of one account, or for one action of it."));
  }

  public enum Edition {
    CHINA,
    INTERNATIONAL
  }

  public record Billing(Edition defaultEdition, boolean chinaExtendedPay, int maxIds) {
    static Billing declare(Keys keys) {
      keys.section("billing", "What the billing actions accept.");
      return new Billing(
          keys.choice(
              "billing.default-edition",
              Edition.CHINA,
              "The edition of an account that was created without one."),
          keys.flag(
              "billing.china.extended-pay",
              true,
              "Whether the China edition also takes the parameters of `PayDeals` that only the"
                  + " international one documents."),
          keys.number(
              "billing.max-ids", "ids", 100, 1, 1000, "Ids in one call, such as `OrderIds`."));
    }
  }

  public record Deal(Duration unpaidTtl) {
    static Deal declare(Keys keys) {
      keys.section("deal", "The life of a deal.");
      return new Deal(
          keys.duration(
              "deal.unpaid-ttl",
              "15d",
              "1s",
              "3650d",
              "How long a new deal may be paid; then it expires."));
    }
  }

  public record Pay(
      Duration deliveryWait,
      Duration deadline,
      int lanes,
      int batch,
      int queue,
      boolean deliverAtOnce) {
    static Pay declare(Keys keys) {
      keys.section("pay", "The payment engine.");
      return new Pay(
          keys.duration(
              "pay.delivery-wait",
              "10s",
              "0",
              "50s",
              "How long `PayDeals` waits for the delivery of what it paid. Clients give up after"
                  + " 60s."),
          keys.duration(
              "pay.deadline",
              "5s",
              "10ms",
              "50s",
              "How long a payment may wait in the queue; then it is refused unpaid."),
          keys.number(
              "pay.lanes",
              "threads",
              PayEngine.Settings.DEFAULT.lanes(),
              1,
              64,
              "Threads that pay for each cell; each has one transaction at a time, and an account"
                  + " pays in one of them."),
          keys.number(
              "pay.batch",
              "payments",
              LaneSettings.DEFAULT_BATCH,
              1,
              10_000,
              "Payments in one transaction."),
          keys.number(
              "pay.queue",
              "payments",
              LaneSettings.DEFAULT_QUEUE,
              1,
              1_000_000,
              "Payments that wait for a lane; past it they are refused at once."),
          keys.flag(
              "pay.deliver-at-once",
              true,
              "Whether purchases that the built-in provider delivers are delivered in the transaction"
                  + " that pays them, instead of by the queue right after it."));
    }

    /// As the engine takes them.
    public PayEngine.Settings engine() {
      return new PayEngine.Settings(lanes, batch, queue, deadline, deliverAtOnce);
    }
  }

  public record Delivery(DeliverySettings settings, boolean allowPrivateTargets) {
    static Delivery declare(Keys keys) {
      keys.section("delivery", "Handing paid deals to the products.");
      DeliverySettings byDefault = DeliverySettings.DEFAULT;
      try {
        return new Delivery(settings(keys, byDefault), allowPrivateTargets(keys));
      } catch (IllegalArgumentException e) {
        keys.mistake("delivery: %s", String.valueOf(e.getMessage()));
        return new Delivery(byDefault, allowPrivateTargets(keys));
      }
    }

    private static boolean allowPrivateTargets(Keys keys) {
      return keys.flag(
          "delivery.allow-private-targets",
          false,
          "Whether products may be reached at loopback, link-local and private addresses.");
    }

    private static DeliverySettings settings(Keys keys, DeliverySettings byDefault) {
      return new DeliverySettings(
          keys.number(
              "delivery.batch", "deals", byDefault.batch(), 1, 5000, "Deals in one transaction."),
          keys.duration(
              "delivery.poll",
              Durations.text(byDefault.poll()),
              "10ms",
              "1m",
              "How often the queue is looked at while there is something in it; a node's own"
                  + " payments do not wait for it."),
          keys.duration(
              "delivery.idle-poll",
              Durations.text(byDefault.idlePoll()),
              "10ms",
              "5m",
              "The same once it has been empty for a while."),
          keys.duration(
              "delivery.head-start",
              Durations.text(byDefault.headStart()),
              "0",
              "5m",
              "How long other nodes leave a paid deal to the node that took the payment."),
          keys.number(
              "delivery.calls-per-provider",
              "calls",
              byDefault.callsPerProvider(),
              1,
              1000,
              "Calls to one provider at a time, for each cell of this node."),
          keys.duration(
              "delivery.retry-first",
              Durations.text(byDefault.firstRetry()),
              "1ms",
              "1h",
              "The pause after a call without a definite answer; it doubles with each."),
          keys.duration(
              "delivery.retry-max",
              Durations.text(byDefault.longestRetry()),
              "1ms",
              "1d",
              "The longest such pause."),
          keys.duration(
              "delivery.give-up-after",
              Durations.text(byDefault.giveUpAfter()),
              "1s",
              "365d",
              "Without any definite answer for this long, a delivery fails and waits for the"
                  + " operator."),
          keys.duration(
              "delivery.accepted-at-most",
              Durations.text(byDefault.acceptedAtMost()),
              "1s",
              "365d",
              "The same for a provider that has said \"accepted\" and comes to no end."),
          keys.number(
              "delivery.circuit-after",
              "calls",
              byDefault.circuitAfter(),
              1,
              1000,
              "After so many calls in a row without a definite answer a provider gets a pause."),
          keys.duration(
              "delivery.circuit-pause",
              Durations.text(byDefault.circuitPause()),
              "1ms",
              "1h",
              "The first such pause; it doubles with each failure after it."),
          keys.duration(
              "delivery.circuit-pause-max",
              Durations.text(byDefault.longestCircuitPause()),
              "1ms",
              "1d",
              "The longest such pause."),
          keys.duration(
              "delivery.stop-grace",
              Durations.text(byDefault.stopGrace()),
              "0",
              "10m",
              "How long a stopping node waits for the answers of calls it has begun."),
          keys.duration(
              "delivery.sample-every",
              Durations.text(byDefault.sampleEvery()),
              "100ms",
              "1h",
              "How often the queue is counted for the metrics."));
    }
  }

  /// The Cloud Pay gateway.
  ///
  /// @param publicUrl absent only while the gateway is not enabled
  /// @param allowOtherHosts whether channels and their bills may be anywhere: for the simulator
  /// @param rootCertificates of channels, besides those of the JDK
  /// @param noticesPerAddress notices of channels taken from one address in a second; 0: no limit
  /// @param keepNotices how long these are kept
  public record Gateway(
      boolean enabled,
      Optional<URI> publicUrl,
      boolean lenientEnvelope,
      boolean allowOtherHosts,
      Wechat wechat,
      Alipay alipay,
      Optional<Path> rootCertificates,
      Duration longestExpiry,
      LookSchedule looks,
      OrderLanes.Settings lanes,
      int noticesPerAddress,
      Duration keepNotices,
      Notices notices,
      ReconcileSettings reconcile) {

    /// Where WeChat Pay and Alipay answer, and every name below.
    private static final List<String> WECHAT_HOSTS = List.of("mch.weixin.qq.com");

    private static final List<String> ALIPAY_HOSTS = List.of("alipay.com", "alipaydev.com");

    /// WeChat Pay.
    ///
    /// @param failoverUrl asked where the first cannot be reached
    /// @param wholeOnly whether an order is called refunded only once all of it has gone back
    public record Wechat(
        URI url,
        Optional<URI> failoverUrl,
        Duration closeAfter,
        boolean closeAtOnce,
        Duration refundSpacing,
        boolean wholeOnly) {}

    public record Alipay(URI url) {}

    /// What merchants are told.
    public record Notices(boolean allowPrivateTargets, NoticeSchedule schedule) {}

    static Gateway declare(Keys keys) {
      keys.section("gateway", "The Cloud Pay gateway, under `/cpay/`, and its channels.");
      boolean enabled =
          keys.flag(
              "gateway.enabled", false, "Whether this node runs it; see `gateway.public-url`.");
      Optional<URI> publicUrl =
          keys.optionalUrl(
              "gateway.public-url",
              "Where channels reach this installation, such as `https://pay.example.com`; their"
                  + " notices arrive at `/channel/` below it. Needed with `gateway.enabled`.");
      if (enabled && publicUrl.isEmpty()) {
        keys.mistake("gateway.public-url: must be set with gateway.enabled");
      }
      boolean lenientEnvelope =
          keys.flag(
              "gateway.lenient-envelope",
              false,
              "Whether requests laid out as the published examples print them, which is not JSON,"
                  + " are read too. They are verified like all others.");
      boolean anyHost =
          keys.flag(
              "gateway.allow-other-hosts",
              false,
              "Whether the addresses of channels below, and those that they say their bills are at,"
                  + " may be others than the channels' own, and plain HTTP: for the simulator. Never"
                  + " where real money is paid.");
      return new Gateway(
          enabled,
          publicUrl,
          lenientEnvelope,
          anyHost,
          wechat(keys, anyHost),
          alipay(keys, anyHost),
          keys.path(
              "gateway.root-certificates",
              "A file of authorities, in PEM, that channels' certificates may be signed by besides"
                  + " those of the Java machine: for the simulator."),
          keys.duration(
              "gateway.longest-expiry",
              Durations.text(GatewaySettings.USUAL_LONGEST_EXPIRY),
              "1m",
              "30d",
              "How far ahead an order may expire; a later `time_expire` is brought forward to it."),
          new LookSchedule(
              keys.durations(
                  "gateway.looks",
                  LookSchedule.USUAL.orders(),
                  "How long after its creation a channel is asked about an open order, if no notice"
                      + " and no query has told of it; after the last, every minute until it"
                      + " expires.")),
          lanes(keys),
          keys.number(
              "gateway.channel-notices.address-rate-limit",
              "notices per second",
              1000,
              0,
              1_000_000,
              "Notices of channels taken from one address; more are refused before they are looked"
                  + " at, and come again by the channel's schedule. 0 for no limit."),
          keys.duration(
              "gateway.channel-notices.keep",
              Durations.text(GatewaySettings.USUAL_KEEP_NOTICES),
              "2d",
              "3650d",
              "How long what channels reported is kept, encrypted, for disputes. At least as long as"
                  + " a channel may send a notice again."),
          notices(keys),
          reconcile(keys));
    }

    private static ReconcileSettings reconcile(Keys keys) {
      ReconcileSettings usual = ReconcileSettings.USUAL;
      boolean enabled =
          keys.flag(
              "gateway.bills.enabled",
              usual.enabled(),
              "Whether this node fetches the channels' bills and holds them against the books.");
      LocalTime wechatFrom =
          keys.time(
              "gateway.bills.wechat-from",
              usual.wechatFrom().toString(),
              "From when, in Beijing, the bill of the day before is fetched from WeChat Pay.");
      LocalTime alipayFrom =
          keys.time(
              "gateway.bills.alipay-from",
              usual.alipayFrom().toString(),
              "From when, in Beijing, the bill of the day before is fetched from Alipay.");
      LocalTime until =
          keys.time(
              "gateway.bills.until",
              usual.until().toString(),
              "When, in Beijing, a bill that has not come is given up, and a case is opened.");
      Duration retryEvery =
          keys.duration(
              "gateway.bills.retry-every",
              Durations.text(usual.retryEvery()),
              "1m",
              "6h",
              "How long after a try that came to nothing there is another one.");
      Duration lateAfter =
          keys.duration(
              "gateway.bills.late-after",
              Durations.text(usual.lateAfter()),
              "1m",
              "12h",
              "How long after the first try a bill counts as late, in the metrics.");
      if (!wechatFrom.isBefore(until) || !alipayFrom.isBefore(until)) {
        keys.mistake("gateway.bills.until: must be later than when bills are fetched from");
        return usual;
      }
      return new ReconcileSettings(enabled, wechatFrom, alipayFrom, retryEvery, until, lateAfter);
    }

    /// A wrong address of a channel is told at the start, not by a stranger's answers.
    private static void check(Keys keys, boolean anyHost, String key, URI url, List<String> hosts) {
      String host = url.getHost().toLowerCase(Locale.ROOT);
      boolean own = hosts.stream().anyMatch(one -> host.equals(one) || host.endsWith("." + one));
      if (!anyHost && !(own && "https".equals(url.getScheme()))) {
        keys.mistake(
            "%s: '%s' is not at the channel, over https; gateway.allow-other-hosts lets it be",
            key, url);
      }
    }

    private static Alipay alipay(Keys keys, boolean anyHost) {
      String key = "gateway.alipay.url";
      URI url = keys.url(key, "https://openapi.alipay.com/gateway.do", "Where Alipay is asked.");
      check(keys, anyHost, key, url, ALIPAY_HOSTS);
      return new Alipay(url);
    }

    private static Wechat wechat(Keys keys, boolean anyHost) {
      String key = "gateway.wechat.url";
      URI url = keys.url(key, "https://api.mch.weixin.qq.com", "Where WeChat Pay is asked.");
      check(keys, anyHost, key, url, WECHAT_HOSTS);
      String failoverKey = "gateway.wechat.failover-url";
      Optional<URI> failover =
          keys.optionalUrl(
              failoverKey,
              "Where it is asked instead while the first address cannot be reached, such as"
                  + " `https://api2.mch.weixin.qq.com`; empty for nowhere.");
      failover.ifPresent(other -> check(keys, anyHost, failoverKey, other, WECHAT_HOSTS));
      return new Wechat(
          url,
          failover,
          keys.duration(
              "gateway.wechat.close-after",
              Durations.text(GatewaySettings.USUAL_CLOSE_AFTER),
              "0",
              "1h",
              "How old an order must be before WeChat Pay takes a close; see"
                  + " `gateway.wechat.close-at-once`."),
          keys.flag(
              "gateway.wechat.close-at-once",
              true,
              "Whether a younger order is closed here at once, and there as soon as it can be; a"
                  + " payment meanwhile is a late one. Else `close_order` answers 103 until WeChat Pay"
                  + " has taken the close, and the payer can pay as long."),
          keys.duration(
              "gateway.wechat.refund-spacing",
              Durations.text(GatewaySettings.USUAL_REFUND_SPACING),
              "0",
              "1h",
              "The least time between two refunds of one order at WeChat Pay; the second waits."),
          keys.flag(
              "gateway.wechat.refunded-when-whole",
              false,
              "Whether `current_trade_state` of an order becomes 4 only once all of it has gone back,"
                  + " and is 3 before; else it is 4 from the first refund that WeChat Pay takes."));
    }

    private static OrderLanes.Settings lanes(Keys keys) {
      OrderLanes.Settings usual = OrderLanes.Settings.DEFAULT;
      Duration patience =
          keys.duration(
              "gateway.orders.deadline",
              Durations.text(usual.patience()),
              "10ms",
              "50s",
              "How long a new order may wait in the queue; then its caller is told to ask again, and"
                  + " no channel was asked.");
      int lanes =
          keys.number(
              "gateway.orders.lanes",
              "threads",
              usual.lanes(),
              1,
              64,
              "Threads that write orders for each cell; each has one transaction at a time.");
      int batch =
          keys.number(
              "gateway.orders.batch",
              "steps",
              usual.batch(),
              1,
              10_000,
              "Steps of orders in one transaction; an order has two, before its channel is asked and"
                  + " after.");
      int queue =
          keys.number(
              "gateway.orders.queue",
              "steps",
              usual.queue(),
              1,
              1_000_000,
              "Steps of orders that wait for a lane; past it new orders are refused at once.");
      return new OrderLanes.Settings(lanes, batch, queue, patience);
    }

    private static Notices notices(Keys keys) {
      NoticeSchedule usual = NoticeSchedule.USUAL;
      return new Notices(
          keys.flag(
              "gateway.notices.allow-private-targets",
              false,
              "Whether merchants may be told at loopback, link-local and private addresses, and over"
                  + " plain HTTP."),
          new NoticeSchedule(
              keys.durations(
                  "gateway.notices.standard-schedule",
                  usual.standard(),
                  "The pauses before a notice that was not taken is sent again; after the last it"
                      + " stays undelivered."),
              keys.durations(
                  "gateway.notices.long-schedule",
                  usual.longer(),
                  "The same for providers that were given the long schedule.")));
    }

    /// As the gateway takes them.
    public GatewaySettings settings() {
      return new GatewaySettings(
          publicUrl.orElseThrow(),
          wechat.closeAfter(),
          wechat.closeAtOnce(),
          wechat.refundSpacing(),
          longestExpiry,
          looks,
          keepNotices,
          lanes);
    }
  }

  public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  public enum LogFormat {
    JSON,
    TEXT
  }

  public record Log(LogLevel level, LogFormat format) {
    static Log declare(Keys keys) {
      keys.section("log", "One line per event, on standard output.");
      return new Log(
          keys.choice("log.level", LogLevel.INFO, "The least level that is written."),
          keys.choice(
              "log.format", LogFormat.JSON, "`json` for machines, `text` for reading along."));
    }
  }

  public record Metrics(boolean enabled, Optional<Secret> token) {
    static Metrics declare(Keys keys) {
      keys.section("metrics", "Figures for Prometheus, at `/metrics`.");
      return new Metrics(
          keys.flag("metrics.enabled", true, "Whether they are kept and shown."),
          keys.secret(
              "metrics.token",
              "If set, asked for as `Authorization: Bearer …`; without it anybody who reaches the"
                  + " port may read them."));
    }
  }

  /// Where traces go.
  ///
  /// @param endpoint empty for no traces
  public record Tracing(Optional<URI> endpoint, double sampleRatio) {
    static Tracing declare(Keys keys) {
      keys.section("tracing", "Traces, as OpenTelemetry (OTLP) over HTTP.");
      Optional<String> endpoint =
          keys.optionalText(
              "tracing.endpoint",
              "Where the collector takes them, such as `http://localhost:4318/v1/traces`; empty for"
                  + " none.");
      double ratio =
          keys.fraction(
              "tracing.sample-ratio",
              0.1,
              "The share of requests traced, where the caller did not decide it.");
      return new Tracing(endpoint.flatMap(text -> endpoint(keys, text)), ratio);
    }

    private static Optional<URI> endpoint(Keys keys, String text) {
      if (!text.matches("https?://[^\\s]+")) {
        keys.mistake("tracing.endpoint: '%s' is not an http or https address", text);
        return Optional.empty();
      }
      try {
        return Optional.of(URI.create(text));
      } catch (IllegalArgumentException e) {
        keys.mistake("tracing.endpoint: '%s' is not an http or https address", text);
        return Optional.empty();
      }
    }
  }
}
