package io.yunfu.server;

import io.yunfu.billing.account.Callers;
import io.yunfu.billing.balance.DescribeBalance;
import io.yunfu.billing.deal.ExpireDeals;
import io.yunfu.billing.deal.FindDeals;
import io.yunfu.billing.deal.RecoverDeals;
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
import io.yunfu.kernel.CellId;
import io.yunfu.ledger.Ledger;
import io.yunfu.operator.AdminTokens;
import io.yunfu.operator.ForgetKeys;
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
import io.yunfu.server.config.Configuration;
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
final class Wiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private final Deque<Part> parts = new ArrayDeque<>();
  private final Configuration configuration;
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();

  /// Held by the start and by the stop.
  private final ReentrantLock life = new ReentrantLock();

  private volatile boolean stopping;
  private Optional<Running> running = Optional.empty();

  private record Part(String name, AutoCloseable stop) {}

  /// What others have to know of a running server.
  ///
  /// @param firstToken of the admin API, where it has just been made; it is not kept anywhere
  record Running(
      Cells cells,
      HttpServer http,
      DatabaseHome home,
      PayDeals payDeals,
      AdminTokens tokens,
      Optional<String> firstToken) {}

  private Wiring(Configuration configuration) {
    this.configuration = configuration;
  }

  /// What will run with these settings; nothing has started yet.
  static Wiring of(Configuration configuration) {
    return new Wiring(configuration);
  }

  /// Starts everything, or nothing: what has started already is stopped again when a later part
  /// fails, or when [#close] comes before the start is over.
  ///
  /// @throws Stopped by [#close]
  void start() {
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

  Running running() {
    return running.orElseThrow();
  }

  /// That somebody wanted it to stop while it started.
  static final class Stopped extends RuntimeException {
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
                    new Sweeps.Job(
                        "expire-deals", Duration.ofSeconds(1), new ExpireDeals(clock)::sweep),
                    new Sweeps.Job(
                        "expire-vouchers", Duration.ofMinutes(1), new ExpireVouchers(clock)::sweep),
                    new Sweeps.Job(
                        "recover-deals", Duration.ofMinutes(1), new RecoverDeals(clock)::sweep),
                    new Sweeps.Job(
                        "forget-keys", Duration.ofHours(1), new ForgetKeys(clock)::sweep))));
    sweeps.start();
    var payDeals =
        new PayDeals(engine, observer.timed(new Deliveries(deliveries)), pay.deliveryWait());

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
                observer.watching("billing", billing))
            .acrossOrigins());
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
    return new Running(cells, http, home, payDeals, tokens, firstToken);
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
