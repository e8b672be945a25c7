package io.yunfu.simulator;

import io.yunfu.simulator.admin.Admin;
import io.yunfu.simulator.admin.AdminApi;
import io.yunfu.simulator.alipay.AlipayChannel;
import io.yunfu.simulator.channel.Channel;
import io.yunfu.simulator.channel.Gate;
import io.yunfu.simulator.channel.Latency;
import io.yunfu.simulator.channel.LedgerProof;
import io.yunfu.simulator.channel.Paid;
import io.yunfu.simulator.channel.Payment;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.clock.Timeline;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.fault.Rule;
import io.yunfu.simulator.http.Credential;
import io.yunfu.simulator.http.Credentials;
import io.yunfu.simulator.http.Door;
import io.yunfu.simulator.http.Listeners;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.ledger.Ledger;
import io.yunfu.simulator.notice.Notices;
import io.yunfu.simulator.people.People;
import io.yunfu.simulator.people.User;
import io.yunfu.simulator.record.Journal;
import io.yunfu.simulator.record.RequestLog;
import io.yunfu.simulator.seed.Seed;
import io.yunfu.simulator.wechat.WechatChannel;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Everything of one running simulator. Start one in a test, in its own process, with free ports on
/// loopback:
///
/// ```java
/// try (var sandbox = Sandbox.start(SandboxSettings.DEFAULT)) {
///   URI wechat = sandbox.base(Port.WX_HTTPS);
///   …
///   sandbox.pay("wechat", prepayId, "alice", new Payment.Action.Success());
///   sandbox.notices().drain(Duration.ofSeconds(10), false);
/// }
/// ```
public final class Sandbox implements AutoCloseable {
  private final SandboxSettings settings;
  private final InstantSource wall;
  private final Surroundings world;
  private final List<Channel> channels;
  private final AtomicReference<Latency> latency;
  private @Nullable Listeners listeners;

  private Sandbox(
      SandboxSettings settings,
      InstantSource wall,
      List<Function<Surroundings, Channel>> constructors) {
    this.settings = settings;
    this.wall = wall;
    var seed = new Seed(settings.seed());
    var timeline =
        new Timeline(
            wall, settings.clock(), settings.factor(), settings.now().orElseGet(wall::instant));
    var ledger = new Ledger();
    var credentials = new Credentials(seed, wall.instant(), settings.credentials().orElse(null));
    this.world =
        new Surroundings(
            seed,
            timeline,
            new People(seed, timeline, ledger),
            ledger,
            new Faults(seed, timeline),
            new Notices(seed, timeline, settings.notices(), trusting(credentials)),
            new RequestLog(settings.requestsKept(), settings.journal().map(Journal::new)),
            credentials,
            new Addresses());
    this.channels = constructors.stream().map(each -> each.apply(world)).toList();
    this.latency = new AtomicReference<>(settings.latency());
  }

  /// Starts one.
  ///
  /// @throws BadInput if the configuration makes no sense
  /// @throws io.yunfu.simulator.http.CannotListen when a port is taken or may not be used
  public static Sandbox start(SandboxSettings settings) {
    return start(settings, CHANNELS);
  }

  /// Which channels there are.
  private static final List<Function<Surroundings, Channel>> CHANNELS =
      List.of(WechatChannel::new, AlipayChannel::new);

  static Sandbox start(
      SandboxSettings settings, List<Function<Surroundings, Channel>> constructors) {
    var sandbox = new Sandbox(settings, InstantSource.system(), constructors);
    try {
      sandbox.fill();
      sandbox.world.credentials().finish();
      sandbox.listen();
    } catch (RuntimeException | Error e) {
      sandbox.close();
      throw e;
    }
    return sandbox;
  }

  /// Where clients go, without a path.
  public URI base(Port listener) {
    return listening().base(listener);
  }

  public Timeline clock() {
    return world.timeline();
  }

  public People people() {
    return world.people();
  }

  public Ledger ledger() {
    return world.ledger();
  }

  public Faults faults() {
    return world.faults();
  }

  public Notices notices() {
    return world.notices();
  }

  public RequestLog requests() {
    return world.requests();
  }

  /// Certificates and keys for clients.
  public Credentials credentials() {
    return world.credentials();
  }

  /// What clients have to trust at the https listeners.
  public KeyStore trustStore() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("simulator", world.credentials().authority().certificate());
      return store;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException("a key store in memory failed", e);
    }
  }

  /// `wechat` or `alipay`.
  public Channel channel(String name) {
    return channels.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no channel " + name));
  }

  /// Adds a merchant, as it is spelt in the configuration.
  public void register(String channel, JsonNode merchant) {
    clock().step(() -> channel(channel).register(Fields.of(merchant)));
  }

  /// Lets a user pay, as at the cashier.
  ///
  /// @param reference a prepay id, the content of a QR code, a trade number
  public Paid pay(String channel, String reference, String user, Payment.Action action) {
    User payer =
        people()
            .named(user)
            .orElseThrow(() -> new IllegalArgumentException("there is no user " + user));
    return clock()
        .step(() -> channel(channel).pay(new Payment(reference, payer, action, false)))
        .orElseThrow(() -> new IllegalArgumentException("nothing to pay at " + reference));
  }

  /// The books of the channels against the ledger.
  public LedgerProof proof() {
    return clock().step(() -> LedgerProof.of(ledger(), channels));
  }

  /// How long answers take from now on.
  public void latency(Latency changed) {
    latency.set(changed);
  }

  /// Lets ids and nonces differ from those of other runs with the same seed, as clients need that
  /// remember the orders of an earlier run. Keys, and what people are known by, stay.
  ///
  /// @param run another one for each run, such as the time of its start
  public void vary(long run) {
    world.seed().vary(run);
  }

  /// Empties everything and begins anew, as after the start; ports and keys stay.
  public void reset() {
    world
        .timeline()
        .reset(settings.clock(), settings.factor(), settings.now().orElseGet(wall::instant));
    world.seed().restart();
    world.faults().reset();
    world.notices().reset();
    world.requests().reset();
    latency.set(settings.latency());
    world.notices().settings(settings.notices());
    fill();
  }

  /// The line that is printed at the start: where everything is.
  public JsonNode description() {
    ObjectNode line = Json.object();
    ObjectNode addresses = line.putObject("listeners");
    for (Port listener : doors().keySet()) {
      addresses.put(listener.label(), base(listener).toString());
    }
    line.put("seed", settings.seed());
    line.put(
        "ca_fingerprint", Credential.fingerprint(world.credentials().authority().certificate()));
    line.set("credentials", Json.tree(world.credentials().names()));
    settings.journal().ifPresent(file -> line.put("journal", file.toString()));
    channels.forEach(channel -> line.set(channel.name(), Json.array(channel.merchants())));
    return line;
  }

  @Override
  public void close() {
    if (listeners != null) {
      listeners.close();
    }
    world.notices().close();
    world.timeline().close();
    world.requests().close();
  }

  private void fill() {
    Fields configuration = Fields.of(settings.configuration());
    world
        .timeline()
        .step(() -> {
          world.ledger().reset();
          world
              .people()
              .reset(configuration.objects("users"), configuration.flag("strangers", true));
          channels.forEach(channel -> channel.reset(configuration.object(channel.name())));
        });
  }

  private void listen() {
    listeners =
        Listeners.start(
            settings.host(), settings.ports(), doors(), world.credentials(), world.seed());
    world.faults().listeners(this::refuse);
  }

  private Map<Port, Door> doors() {
    Map<Port, Door> doors = new EnumMap<>(Port.class);
    for (Channel channel : channels) {
      var gate = new Gate(channel, world, latency::get);
      channel.listeners().forEach(listener -> doors.put(listener, gate));
    }
    doors.put(
        Port.ADMIN,
        new AdminApi(new Admin(world, channels, latency, this::reset, this::description)));
    return doors;
  }

  private void refuse(Rule rule) {
    if (rule.effect() instanceof Effect.Refuse(var lasting)) {
      Set<Port> refusing = EnumSet.noneOf(Port.class);
      for (Channel channel : channels) {
        if (rule.channel().isEmpty() || rule.channel().get().equals(channel.name())) {
          refusing.addAll(channel.listeners());
        }
      }
      listening().refuse(refusing, lasting);
    }
  }

  private Listeners listening() {
    if (listeners == null) {
      throw new IllegalStateException("it does not listen yet");
    }
    return listeners;
  }

  /// What the JDK trusts, and what the simulator's own authority has issued: a merchant's server in
  /// a test may have a certificate of it.
  private static SSLContext trusting(Credentials credentials) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("simulator", credentials.authority().certificate());
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      int number = 0;
      for (var manager : factory.getTrustManagers()) {
        if (manager instanceof javax.net.ssl.X509TrustManager known) {
          for (var issuer : known.getAcceptedIssuers()) {
            store.setCertificateEntry("system-" + number++, issuer);
          }
        }
      }
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException("the JDK's trust store cannot be used", e);
    }
  }

  private final class Addresses implements Surroundings.Places {
    @Override
    public URI admin() {
      return base(Port.ADMIN);
    }

    @Override
    public URI plain(String channel) {
      return channel(channel).listeners().stream()
          .filter(listener -> !listener.secure())
          .findFirst()
          .map(Sandbox.this::base)
          .orElseThrow();
    }
  }
}
