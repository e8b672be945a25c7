package io.yunfu.server;

import io.yunfu.billing.account.Callers;
import io.yunfu.billing.balance.DescribeBalance;
import io.yunfu.billing.deal.DueDeals;
import io.yunfu.billing.deal.FindDeals;
import io.yunfu.billing.delivery.Delivery;
import io.yunfu.billing.delivery.HttpProviderCalls;
import io.yunfu.billing.delivery.ProviderEndpoint;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.billing.pay.PayEngine;
import io.yunfu.billing.product.Products;
import io.yunfu.billing.product.Provider;
import io.yunfu.billing.product.Providers;
import io.yunfu.billing.voucher.ExpireVouchers;
import io.yunfu.billing.voucher.FindVoucherUsage;
import io.yunfu.billing.voucher.FindVouchers;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Database;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.ChannelAccounts;
import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.notice.MerchantNotices;
import io.yunfu.gateway.notice.NoticeCalls;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.gateway.reconcile.Reconciliations;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Nonces;
import io.yunfu.ledger.Ledger;
import io.yunfu.operator.AdminTokens;
import io.yunfu.operator.ForgetKeys;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.MasterKeyCheck;
import io.yunfu.operator.Sweeps;
import io.yunfu.server.api.admin.AdminApi;
import io.yunfu.server.api.admin.Area;
import io.yunfu.server.api.admin.Areas;
import io.yunfu.server.api.admin.Doorkeeper;
import io.yunfu.server.api.admin.Operations;
import io.yunfu.server.api.billing.Actions;
import io.yunfu.server.api.billing.BillingApi;
import io.yunfu.server.api.billing.RequestIds;
import io.yunfu.server.api.cpay.CpayApi;
import io.yunfu.server.api.cpay.CpayCalls;
import io.yunfu.server.api.cpay.Heartbeat;
import io.yunfu.server.api.cpay.MerchantNoticeBodies;
import io.yunfu.server.api.notice.ChannelNotices;
import io.yunfu.server.config.Configuration;
import io.yunfu.server.config.DataSize;
import io.yunfu.server.console.ConsolePages;
import io.yunfu.server.http.BodyLimit;
import io.yunfu.server.http.HttpServer;
import io.yunfu.server.http.Route;
import io.yunfu.server.observe.DataDisk;
import io.yunfu.server.observe.Health;
import io.yunfu.server.observe.Metrics;
import io.yunfu.server.observe.Observer;
import io.yunfu.server.observe.Traces;
import io.yunfu.wire.tc3.Secret;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The map of a running server: calls constructors, top to bottom; [#close] undoes it, bottom to
/// top.
public final class Wiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  /// How often what is open at the gateway is counted for the metrics.
  private static final Duration COUNT_EVERY = Duration.ofSeconds(10);

  private final Deque<Part> parts = new ArrayDeque<>();
  private final Configuration configuration;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /// Held by the start and by the stop.
  private final ReentrantLock life = new ReentrantLock();

  private volatile boolean stopping;
  private Optional<Running> running = Optional.empty();

  private record Part(String name, AutoCloseable stop) {}

  /// What others have to know of a running server.
  ///
  /// @param firstToken of the admin API, where it has just been made; it is not kept anywhere
  public record Running(
      Cells cells,
      HttpServer http,
      MasterKey masterKey,
      PayDeals payDeals,
      Optional<Gateway> gateway,
      AdminTokens tokens,
      Optional<String> firstToken) {}

  private Wiring(Configuration configuration, Clock clock) {
    this.configuration = configuration;
    this.clock = clock;
  }

  /// What will run with these settings; nothing has started yet.
  public static Wiring of(Configuration configuration) {
    return of(configuration, Clock.systemUTC());
  }

  /// The same with a clock of the test's.
  static Wiring of(Configuration configuration, Clock clock) {
    return new Wiring(configuration, clock);
  }

  /// Starts everything, or nothing: what has started already is stopped again when a later part
  /// fails, or when [#close] comes before the start is over.
  ///
  /// @throws Stopped by [#close]
  public void start() {
    life.lock();
    boolean whole = false;
    try {
      running = Optional.of(startParts());
      whole = true;
    } finally {
      if (!whole) {
        stopParts();
      }
      life.unlock();
    }
  }

  public Running running() {
    return running.orElseThrow();
  }

  /// That somebody wanted it to stop while it started.
  public static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("stopped while it started");
    }
  }

  private Running startParts() {
    // Storage.
    DatabaseHome home = part("database", DatabaseHome.open(configuration));
    Cells cells = part("connections", Cells.open(home.settings(), configuration.cells().count()));
    new MasterKeyCheck().verify(cells.directory(), home.masterKey());

    // What is seen from outside.
    Traces traces = part("traces", Traces.of(configuration.tracing(), version()));
    Optional<Metrics> metrics =
        configuration.metrics().enabled()
            ? Optional.of(new Metrics(Actions.NAMES))
            : Optional.empty();
    var observer = new Observer(metrics, traces);
    observer.watch(cells.directory());
    cells.all().forEach(cell -> observer.watch(cell.database()));
    var health = new Health();
    health.check("directory", () -> answers(cells.directory()));
    cells.all().forEach(cell -> health.check(cell.id().schema(), () -> trouble(cell.database())));
    if (configuration.database().embedded()) {
      var disk = new DataDisk(configuration.data().directory());
      observer.watch(disk);
      health.check("disk", disk);
    }

    // Billing.
    Callers<Secret> callers =
        part(
            "callers",
            new Callers<>(
                cells, home.masterKey(), Secret::of, Callers.DEFAULT_MOST, System::nanoTime));
    callers.start();
    Map<CellId, Delivery> deliveries = new HashMap<>();
    var heard = observer.deliveries();
    var providers = new Providers(cells, clock, random, home.masterKey());
    providers.spread();
    new Products(cells, clock).spread();
    var calls =
        part(
            "provider calls",
            new HttpProviderCalls(configuration.delivery().allowPrivateTargets(), clock));
    for (Cell cell : cells.all()) {
      var delivery =
          new Delivery(
              cell,
              name -> providers.open(cell, name).map(Wiring::endpoint),
              calls,
              configuration.delivery().settings(),
              clock,
              random,
              heard);
      deliveries.put(cell.id(), part("delivery of " + cell.id(), delivery));
      delivery.start();
    }
    var pay = configuration.pay();
    var engine = part("payment lanes", new PayEngine(cells.all(), pay.engine(), observer::lane));
    var sweeps =
        part(
            "sweeps",
            new Sweeps(
                cells,
                List.of(
                    new Sweeps.Job("due-deals", Duration.ofSeconds(1), new DueDeals(clock)::sweep),
                    new Sweeps.Job(
                        "expire-vouchers", Duration.ofMinutes(1), new ExpireVouchers(clock)::sweep),
                    new Sweeps.Job(
                        "forget-keys", Duration.ofHours(1), new ForgetKeys(clock)::sweep))));
    sweeps.start();
    var payDeals =
        new PayDeals(engine, observer.timed(new Deliveries(deliveries), heard), pay.deliveryWait());

    // The billing API.
    var actions =
        Actions.of(
            new Actions.UseCases(
                payDeals,
                new FindDeals(cells),
                new DescribeBalance(cells, new Ledger()),
                new FindVouchers(cells),
                new FindVoucherUsage(cells)),
            id -> cells.get(id).ids(),
            new Actions.PaySettings(
                configuration.billing().chinaExtendedPay(), configuration.billing().maxIds()));
    configuration.checkActions(actions.names());
    var settings = BillingApi.Settings.of(configuration);
    var requestIds = RequestIds.seededBy(random);
    var billing =
        part(
            "billing API",
            new BillingApi(
                settings,
                actions,
                callers::find,
                requestIds,
                clock,
                System::nanoTime,
                observer::answered),
            BillingApi::close);

    // The gateway.
    Optional<Gateway> gateway =
        configuration.gateway().enabled()
            ? Optional.of(startGateway(home, cells, observer, requestIds))
            : Optional.empty();
    metrics
        .filter(figures -> gateway.isPresent())
        .ifPresent(figures -> {
          figures.expect(CpayCalls.NAMES);
          figures.expect(ChannelNotices.ACTIONS);
        });

    // The operator.
    var tokens = new AdminTokens(cells, clock, random);
    Optional<String> firstToken =
        configuration.admin().token().isPresent() ? Optional.empty() : tokens.ensureFirst();

    var admin = configuration.admin();
    var areas = new ArrayList<Area>();
    areas.addAll(
        Areas.ofBilling(
            cells,
            clock,
            random,
            home.masterKey(),
            configuration.deal().unpaidTtl(),
            id -> Objects.requireNonNull(deliveries.get(id))));
    areas.addAll(
        Areas.ofMerchants(
            new ManageMerchants(cells, home.masterKey(), clock, random, ""),
            new ChannelAccounts(cells, home.masterKey(), clock),
            configuration.gateway().notices().allowPrivateTargets()));
    gateway.ifPresent(running ->
        areas.addAll(
            Areas.ofPayments(
                cells,
                running.merchants(),
                running.payments(),
                running.notices(),
                running.reconciliations(),
                clock)));
    areas.addAll(Areas.ofOperators(cells, tokens));
    var operations = new Operations(areas);
    metrics.ifPresent(figures -> figures.expect(operations.ids()));
    var adminApi =
        new AdminApi(
            operations,
            admin.allowedAddresses(),
            admin.bodyLimit().bytes(),
            new Doorkeeper(admin.token(), tokens, System::nanoTime),
            requestIds,
            System::nanoTime,
            observer::answered);

    // The listener comes last: who connects finds everything there.
    var routes = new ArrayList<Route>();
    if (admin.enabled()) {
      routes.add(
          Route.below(
                  Operations.BASE + "/",
                  BodyLimit.at(admin.bodyLimit()),
                  observer.watching("admin", adminApi))
              .withEveryMethod());
    }
    routes.add(
        Route.at(
                "/",
                BodyLimit.at(configuration.api().postV3Limit()),
                observer.watching(
                    "billing", gateway.isPresent() ? new Heartbeat(billing) : billing))
            .acrossOrigins());
    gateway.ifPresent(running -> {
      routes.add(
          Route.below(
              CpayApi.PATH,
              BodyLimit.at(new DataSize(CpayApi.BODY_BYTES)),
              observer.watching("cpay", running.api())));
      routes.add(
          Route.below(
              ChannelNotices.PATH,
              BodyLimit.at(new DataSize(ChannelNotices.BODY_BYTES)),
              observer.watching("notice", running.door())));
    });
    routes.addAll(ConsolePages.routes());
    routes.add(Route.page("/live", health.live()));
    routes.add(Route.page("/ready", health.ready()));
    metrics.ifPresent(figures ->
        routes.add(Route.page("/metrics", figures.page(configuration.metrics().token()))));
    var http = HttpServer.start(configuration.http(), configuration.https(), List.copyOf(routes));
    Duration grace = configuration.http().shutdownGrace();
    part(
        "listener",
        http,
        server -> {
          health.stopping();
          server.stop(grace);
        });
    observer.watch(http);
    return new Running(cells, http, home.masterKey(), payDeals, gateway, tokens, firstToken);
  }

  /// What runs of the gateway.
  ///
  /// @param notices what merchants are told
  record Gateway(
      Merchants merchants,
      Payments payments,
      MerchantNotices notices,
      Reconciliations reconciliations,
      CpayApi<?> api,
      ChannelNotices door) {}

  /// It stops in the reverse order: the door and the API have let nobody in for a while, merchants
  /// are told no more, then the workers finish what they have begun, and the channels go last.
  private Gateway startGateway(
      DatabaseHome home, Cells cells, Observer observer, RequestIds requestIds) {
    var settings = configuration.gateway();
    Map<PayPlatform, Connector> connectors = new EnumMap<>(PayPlatform.class);
    for (Connector connector : Channels.of(settings, clock)) {
      connectors.put(
          connector.platform(),
          observer.watching(part("channel " + connector.platform(), connector)));
    }
    var merchants = new Merchants(cells, home.masterKey(), System::nanoTime);
    var payments =
        part(
            "payments",
            new Payments(
                cells,
                home.masterKey(),
                merchants,
                connectors,
                settings.settings(),
                observer::lane,
                clock));
    var noticeCalls =
        part("notice calls", new NoticeCalls(settings.notices().allowPrivateTargets()));
    var notices =
        part(
            "merchant notices",
            new MerchantNotices(
                cells,
                new MerchantNoticeBodies(
                    merchants, payments, settings.wechat().wholeOnly(), new Nonces(random)),
                noticeCalls,
                settings.notices().schedule(),
                clock));
    var reconciliations =
        part(
            "reconciliations",
            new Reconciliations(
                cells, merchants, payments, connectors, settings.reconcile(), clock));
    payments.start();
    notices.start();
    reconciliations.start();
    observer
        .gateway()
        .ifPresent(figures -> {
          Sweeps.Sweep count =
              cell -> {
                figures.counted(
                    cell.id(),
                    payments.open(cell),
                    notices.outstanding(cell),
                    reconciliations.open(cell));
                return 0;
              };
          cells.all().forEach(count::sweep); // so that no reading finds nothing
          var job = new Sweeps.Job("count-gateway", COUNT_EVERY, count);
          part("gateway figures", new Sweeps(cells, List.of(job))).start();
        });
    var api =
        part(
            "Cloud Pay API",
            CpayCalls.api(
                merchants,
                payments,
                new CpayCalls.Settings(settings.lenientEnvelope(), settings.wechat().wholeOnly()),
                random,
                clock,
                System::nanoTime,
                observer::answered),
            CpayApi::close);
    var door =
        part(
            "channel notices",
            new ChannelNotices(
                payments.notices(),
                settings.noticesPerAddress(),
                requestIds,
                System::nanoTime,
                observer::answered),
            ChannelNotices::close);
    return new Gateway(merchants, payments, notices, reconciliations, api, door);
  }

  private static ProviderEndpoint endpoint(Providers.Made made) {
    Provider provider = made.provider();
    return new ProviderEndpoint(
        provider.name(),
        provider.url(),
        made.secret(),
        provider.timeout(),
        provider.maxAttempts(),
        provider.active());
  }

  private static String version() {
    return Optional.ofNullable(Wiring.class.getPackage().getImplementationVersion()).orElse("dev");
  }

  /// Asks, since hardly anybody else does: who is known is cached.
  private static Optional<String> answers(Database database) {
    database.ping();
    return Optional.empty();
  }

  /// Does not ask: the sweeps of each cell do, every second.
  private static Optional<String> trouble(Database database) {
    return Optional.ofNullable(database.awayBecause());
  }

  private <T extends AutoCloseable> T part(String name, T part) {
    return part(name, part, AutoCloseable::close);
  }

  private interface Stop<T> {
    void stop(T part) throws Exception;
  }

  private <T> T part(String name, T part, Stop<? super T> stop) {
    parts.push(new Part(name, () -> stop.stop(part)));
    if (stopping) {
      throw new Stopped();
    }
    return part;
  }

  /// Stops what runs. A start that is under way gives up at its next part and undoes what it has
  /// begun, so that a stop at any time leaves no database behind.
  @Override
  public void close() {
    stopping = true;
    life.lock();
    try {
      stopParts();
    } finally {
      life.unlock();
    }
  }

  /// In the reverse order: first nobody can come in any more, then what was admitted is finished,
  /// then the connections and the database go. A part that cannot be stopped keeps none of the
  /// others.
  private void stopParts() {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.stop.close();
      } catch (Exception e) {
        LOG.warn("{} did not stop cleanly", part.name, e);
      }
    }
  }
}
