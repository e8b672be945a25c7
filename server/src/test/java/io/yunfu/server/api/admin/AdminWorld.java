package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.Caller;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.delivery.Delivery;
import io.yunfu.billing.delivery.DeliveryListener;
import io.yunfu.billing.delivery.DeliverySettings;
import io.yunfu.billing.delivery.HttpProviderCalls;
import io.yunfu.billing.delivery.ProviderEndpoint;
import io.yunfu.billing.pay.PayCommand;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.billing.pay.PayEngine;
import io.yunfu.billing.product.Providers;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.gateway.FakeConnector;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.CreateOrder.WechatExtras;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.merchant.ChannelAccounts;
import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchant.Acknowledgement;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.gateway.notice.MerchantNotice;
import io.yunfu.gateway.notice.MerchantNotices;
import io.yunfu.gateway.notice.NoticeBodies;
import io.yunfu.gateway.notice.NoticeCalls;
import io.yunfu.gateway.notice.NoticeSchedule;
import io.yunfu.gateway.payment.GatewaySettings;
import io.yunfu.gateway.payment.NoticeAddress;
import io.yunfu.gateway.payment.OperatePayments;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.gateway.payment.PlaceOrder;
import io.yunfu.gateway.reconcile.ReconcileSettings;
import io.yunfu.gateway.reconcile.Reconciliations;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AdminTokens;
import io.yunfu.operator.AuditEntry;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import io.yunfu.server.config.Configuration;
import io.yunfu.server.http.BodyLimit;
import io.yunfu.server.http.HttpServer;
import io.yunfu.server.http.Route;
import io.yunfu.server.observe.Answered;
import io.yunfu.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/// The whole admin API on a real database behind a real listener. Every answer is held against the
/// document that the API serves: its status, its code and its schema have to stand there.
final class AdminWorld implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");
  static final String CONFIGURED = "configured-token-of-the-tests";
  static final int BODY_LIMIT = 64 * 1024;
  static final Duration UNPAID_TTL = Duration.ofDays(15);

  private static final ObjectMapper JSON = new ObjectMapper();

  final ManualClock clock = new ManualClock(NOW);
  final AtomicLong nanos = new AtomicLong();
  final List<Answered> log = new CopyOnWriteArrayList<>();
  final Cells cells;
  final MasterKey masterKey = MasterKey.of(new byte[MasterKey.BYTES]);
  final AdminTokens tokens;

  /// Of an operator named `ann`.
  final String token;

  final ObjectNode document;
  final Operations operations;

  final Providers providers;

  /// Delivers at once what the built-in provider makes, on a clock that runs.
  final Map<CellId, Delivery> deliveries = new HashMap<>();

  /// A channel in memory; nothing is done about payments but what is asked for.
  final FakeConnector channel = new FakeConnector();

  final Merchants merchants;
  final Payments payments;

  /// What merchants are told, once it is started.
  final MerchantNotices notices;

  /// Bills, which are fetched only when a test says so.
  final Reconciliations reconciliations;

  /// Where they are told; empty: nowhere.
  volatile Optional<URI> listener = Optional.empty();

  /// So that every lookup of a merchant is fresh.
  private final AtomicLong ticks = new AtomicLong();

  private final NoticeCalls noticeCalls = new NoticeCalls(true);
  private final PayEngine engine;
  private final PayDeals payDeals;
  private final HttpProviderCalls calls = new HttpProviderCalls(true, Clock.systemUTC());
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger requests = new AtomicInteger();
  private final Set<String> seen = new TreeSet<>();

  AdminWorld() {
    this(TestDatabase.cells(), Map.of());
  }

  AdminWorld(Cells cells, Map<String, String> keys) {
    this.cells = cells;
    var random = new SecureRandom();
    tokens = new AdminTokens(cells, clock, random);
    token = tokens.create(new Operator("test", "test"), "ann").orThrow();
    engine =
        new PayEngine(
            cells.all(), PayEngine.Settings.DEFAULT.throughTheQueue(), CellLanes.Listeners.NONE);
    payDeals = new PayDeals(engine, this::handOver, Duration.ZERO);
    providers = new Providers(cells, clock, random, masterKey);
    cells.all().forEach(cell -> deliveries.put(cell.id(), delivery(cell, random)));
    var areas = new ArrayList<Area>();
    areas.addAll(Areas.ofBilling(cells, clock, random, masterKey, UNPAID_TTL, deliveries::get));
    areas.addAll(
        Areas.ofMerchants(
            new ManageMerchants(cells, masterKey, clock, random, "gz02"),
            new ChannelAccounts(cells, masterKey, clock),
            false));
    merchants = new Merchants(cells, masterKey, () -> ticks.addAndGet(5_000_000_000L));
    payments =
        new Payments(
            cells,
            masterKey,
            merchants,
            Map.of(PayPlatform.WECHAT, channel),
            GatewaySettings.at(URI.create("https://gw.example.test")),
            CellLanes.Listeners.NONE,
            clock);
    notices = new MerchantNotices(cells, new Bodies(), noticeCalls, NoticeSchedule.USUAL, clock);
    reconciliations =
        new Reconciliations(
            cells,
            merchants,
            payments,
            Map.of(PayPlatform.WECHAT, channel),
            ReconcileSettings.USUAL,
            clock);
    areas.addAll(Areas.ofPayments(cells, merchants, payments, notices, reconciliations, clock));
    areas.addAll(Areas.ofOperators(cells, tokens));
    operations = new Operations(areas);
    document = operations.document();
    var all = new HashMap<>(keys);
    all.putIfAbsent("http.port", "0");
    all.putIfAbsent("admin.token", CONFIGURED);
    all.putIfAbsent("admin.body-limit", BODY_LIMIT + "B");
    var configuration = Configuration.with(all);
    var admin = configuration.admin();
    var api =
        new AdminApi(
            operations,
            admin.allowedAddresses(),
            admin.bodyLimit().bytes(),
            new Doorkeeper(admin.token(), tokens, nanos::get),
            () -> "request-" + requests.incrementAndGet(),
            nanos::get,
            log::add);
    server =
        HttpServer.start(
            configuration.http(),
            configuration.https(),
            List.of(
                Route.below(Operations.BASE + "/", BodyLimit.at(admin.bodyLimit()), api)
                    .withEveryMethod()));
  }

  private Delivery delivery(Cell cell, SecureRandom random) {
    var delivery =
        new Delivery(
            cell,
            name ->
                providers
                    .open(cell, name)
                    .map(made ->
                        new ProviderEndpoint(
                            name,
                            made.provider().url(),
                            made.secret(),
                            made.provider().timeout(),
                            made.provider().maxAttempts(),
                            made.provider().active())),
            calls,
            DeliverySettings.DEFAULT,
            Clock.systemUTC(),
            random,
            DeliveryListener.NONE);
    delivery.start();
    return delivery;
  }

  private PayDeals.Deliveries.Result handOver(CellId cell, List<DealId> deals, Duration most) {
    deliveries.get(cell).handOver(deals);
    return new PayDeals.Deliveries.Result(List.of(), List.of());
  }

  /// Bodies that say nothing, and are taken wherever the answer is 200.
  private final class Bodies implements NoticeBodies {
    @Override
    public Optional<Outgoing> encode(CellId cell, MerchantNotice notice) {
      return listener.map(url ->
          new Outgoing(
              url, new byte[] {'{', '}'}, Acknowledgement.HTTP_200, Merchant.Schedule.STANDARD));
    }

    @Override
    public boolean takes(Acknowledgement acknowledgement, byte[] answer) {
      return true;
    }
  }

  /// A sub-merchant that can be paid over WeChat Pay, in its shop.
  record Seller(String merchant, String subMerchant, String shop) {}

  Seller seller(int cell) {
    String merchant =
        post(
                "/merchants",
                """
                {"cell":%d,"callbackUrl":"https://merchant.example.test/paid","refundNotices":true}
                """
                    .formatted(cell))
            .text("/id");
    String sub =
        post("/merchants/" + merchant + "/sub-merchants", "{\"prefixes\":[\"gz0200abcd\"]}")
            .text("/id");
    String shop = post("/sub-merchants/" + sub + "/shops", "{\"name\":\"Shop\"}").text("/id");
    send(
        "PUT",
        "/merchants/" + merchant + "/channels/wechat",
        """
        {"merchantNumber":"1900000001","appIds":["wx00000000000000aa"],
         "apiKey":"0123456789abcdefghijklmnopqrstuv"}
        """);
    send(
        "PUT",
        "/sub-merchants/" + sub + "/channels/wechat",
        "{\"merchantNumber\":\"1900000101\",\"appIds\":[\"wx00000000000000bb\"]}");
    return new Seller(merchant, sub, shop);
  }

  /// An order that waits for its payer, as a merchant's call makes it.
  ///
  /// @return its number in the installation
  long order(Seller seller, String number, long fen) {
    var outcome =
        payments
            .place()
            .place(
                new PlaceOrder.Command(
                    merchants.find(new SubMerchantId(seller.subMerchant())).orElseThrow(),
                    new ShopId(seller.shop()),
                    PayPlatform.WECHAT,
                    100,
                    number,
                    Money.cny(fen),
                    Optional.empty(),
                    Optional.of("goods"),
                    "",
                    "",
                    WechatExtras.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    new Payer.WechatUser(Optional.empty(), Optional.of("oTest")),
                    OperatePayments.terminal("198.51.100.7"),
                    "nonce",
                    Optional.empty()));
    return ((PlaceOrder.Outcome.Waiting) outcome).order().id();
  }

  /// The payer pays, and the channel reports it.
  void payOver(long order, String transaction) {
    var found = payments.find(order).orElseThrow();
    channel.pay(found.outTradeNo(), transaction, found.total(), clock.instant());
    report(order);
  }

  /// The channel reports an order, once more maybe.
  void report(long order) {
    String number = payments.find(order).orElseThrow().outTradeNo();
    payments
        .notices()
        .hear(
            new NoticeAddress(PayPlatform.WECHAT, ChannelNotice.Kind.PAYMENT, order),
            FakeConnector.notice(number));
  }

  /// An answer, as a client sees it.
  record Answer(int status, HttpHeaders headers, String text) {
    JsonNode json() {
      return JSON.readTree(text);
    }

    /// A value inside, by its JSON pointer.
    JsonNode at(String pointer) {
      return json().at(pointer);
    }

    String text(String pointer) {
      return at(pointer).asString();
    }

    /// Of an error.
    String code() {
      return text("/error/code");
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port().orElseThrow() + Operations.BASE + path);
  }

  Answer get(String path) {
    return send("GET", path, "");
  }

  Answer post(String path, String json) {
    return send("POST", path, json);
  }

  Answer send(String method, String path, String json, String... headers) {
    var all = new ArrayList<>(List.of("Authorization", "Bearer " + token));
    all.addAll(List.of(headers));
    return sendAs(method, path, json, all.toArray(String[]::new));
  }

  /// With no token but one that is among the headers.
  Answer sendAs(String method, String path, String json, String... headers) {
    var request = HttpRequest.newBuilder(uri(path));
    if (json.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.method(method, HttpRequest.BodyPublishers.ofString(json));
      if (!List.of(headers).contains("Content-Type")) {
        request.header("Content-Type", "application/json");
      }
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response;
    try {
      response = client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    var answer = new Answer(response.statusCode(), response.headers(), response.body());
    if (!method.equals("HEAD")) {
      requireDocumented(method, path, answer);
    }
    return answer;
  }

  /// As a client that knows nothing but the document sees it.
  private void requireDocumented(String method, String path, Answer answer) {
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("x-request-id")).startsWith("request-");
    String plain = path.replaceFirst("\\?.*", "");
    var schema = new JsonSchema(document);
    JsonNode operation = operationAt(method, plain);
    if (operation == null) {
      schema.require(answer.json(), document.at("/components/schemas/Error"));
      assertThat(answer.status()).isIn(401, 403, 404, 405, 413, 429, 500, 503);
      return;
    }
    String id = operation.get("operationId").asString();
    JsonNode response = schema.resolved(responseOf(operation, answer.status()));
    assertThat(response).as("%s answers %s\n%s", id, answer.status(), answer.text()).isNotNull();
    schema.require(answer.json(), response.at("/content/application~1json/schema"));
    if (answer.status() < 400) {
      seen.add(id);
    } else {
      assertThat(response.get("x-codes").valueStream().map(JsonNode::asString))
          .as("%s says %s", id, answer.text())
          .contains(answer.code());
      seen.add(id + " " + answer.code());
    }
  }

  private static JsonNode responseOf(JsonNode operation, int status) {
    JsonNode responses = operation.get("responses");
    JsonNode own = responses.get(Integer.toString(status));
    return own != null || status < 400 ? own : responses.get("default");
  }

  private JsonNode operationAt(String method, String path) {
    return document
        .get("paths")
        .propertyStream()
        .filter(
            each -> path.matches(each.getKey().replaceAll("\\{\\w+}", "[^/]+").replace(".", "\\.")))
        .filter(each -> each.getValue().has(method.toLowerCase(java.util.Locale.ROOT)))
        .sorted(Comparator.comparing(each -> each.getKey().contains("{")))
        .map(each -> each.getValue().get(method.toLowerCase(java.util.Locale.ROOT)))
        .findFirst()
        .orElse(null);
  }

  /// A certified account with this much cash, in the smallest unit.
  String account(String edition, long cash) {
    String uin =
        post("/accounts", "{\"edition\":\"%s\",\"certification\":\"complete\"}".formatted(edition))
            .text("/uin");
    if (cash > 0) {
      String currency = edition.equals("china") ? "CNY" : "USD";
      post(
          "/accounts/" + uin + "/top-ups",
          "{\"amount\":%d,\"currency\":\"%s\"}".formatted(cash, currency));
    }
    return uin;
  }

  /// Pays a deal as its owner, as PayDeals does.
  PayDeals.Answer pay(String owner, String deal, Optional<VoucherId> voucher) {
    var uin = new Uin(Long.parseLong(owner));
    var account = new Accounts(cells).find(uin).orElseThrow();
    var command =
        new PayCommand(
            cells.get(account.cell()).ids().next(),
            new Caller(uin, uin, account.cell(), account.owner().edition(), Set.of()),
            AgentPay.SELF,
            new PayCommand.Target.Deals(List.of(new DealId(deal))),
            voucher,
            false,
            "",
            "test",
            clock.instant());
    return payDeals.pay(command);
  }

  void awaitDelivered(String deal) {
    await(() -> get("/deals/" + deal).text("/status").equals("delivered"));
  }

  /// Waits for what others bring about. Generous, since nothing is said about how soon.
  void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      try {
        Thread.sleep(25);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /// Takes over what another world has seen.
  void saw(AdminWorld other) {
    seen.addAll(other.seen);
  }

  /// The newest change of something, as the audit log has it.
  AuditEntry lastChange(String subject) {
    var filter =
        new AuditLog.Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.of(subject),
            Optional.empty(),
            AuditLog.BEGINNING,
            AuditLog.END);
    return new AuditLog().list(cells, filter, Optional.empty(), 1).getFirst();
  }

  /// How many changes there have been.
  long changes() {
    return new AuditLog().list(cells, AuditLog.Filter.ALL, Optional.empty(), 100_000).size();
  }

  /// All items of a list, page by page.
  List<JsonNode> all(String path, int limit) {
    var items = new ArrayList<JsonNode>();
    String next = "";
    do {
      String query = "limit=" + limit + (next.isEmpty() ? "" : "&cursor=" + next);
      Answer page = get(path + (path.contains("?") ? "&" : "?") + query);
      assertThat(page.status()).as(page.text()).isEqualTo(200);
      assertThat(page.at("/items").size()).isLessThanOrEqualTo(limit);
      page.at("/items").forEach(items::add);
      next = page.text("/next");
    } while (!next.isEmpty());
    return items;
  }

  /// Every operation of an area has succeeded here, and each of its own errors has arisen.
  void requireWhole(String area) {
    var expected = new TreeSet<String>();
    operations.areas().stream()
        .filter(each -> each.name().equals(area))
        .flatMap(each -> each.operations().stream())
        .forEach(operation -> {
          expected.add(operation.id());
          operation.refusals().forEach(code -> expected.add(operation.id() + " " + code.code()));
        });
    assertThat(expected).isNotEmpty();
    assertThat(seen).containsAll(expected);
  }

  @Override
  public void close() {
    server.close();
    client.close();
    engine.close();
    deliveries.values().forEach(Delivery::close);
    calls.close();
    notices.close();
    noticeCalls.close();
    payments.close();
    cells.close();
  }
}
