package io.yunfu.server.api.billing;

import io.yunfu.billing.account.Caller;
import io.yunfu.billing.account.Credential;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.balance.DescribeBalance;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.FindDeals;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.billing.pay.PayEngine;
import io.yunfu.billing.voucher.FindVoucherUsage;
import io.yunfu.billing.voucher.FindVouchers;
import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Ledger;
import io.yunfu.server.config.Configuration;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import io.yunfu.server.observe.Answered;
import io.yunfu.testkit.ManualClock;
import io.yunfu.wire.tc3.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The whole API on a real database, with a clock that stands still, one request id, and keys of a
/// known form: `AKID` and a uin signs with [SignedCall#SECRET_KEY], `AKIDTMP` and a uin besides
/// needs the token `token`.
final class ApiWorld {
  static final String REQUEST_ID = "eac6b301-a322-493a-8e36-83b295459397";

  private static final Secret SECRET = Secret.of(SignedCall.SECRET_KEY);
  private static final String USER =
      """
      select o.uin as owner_uin, o.edition, array(select p.name from policy p where p.user_uin = u.uin) as policies
        from (select uin as owner_uin, uin from owner union all select owner_uin, uin from sub_user) u
        join owner o on o.uin = u.owner_uin
       where u.uin = ?
      """;

  final ManualClock clock = new ManualClock(SignedCall.NOW);
  final AtomicLong nanos = new AtomicLong();
  final List<Answered> log = new CopyOnWriteArrayList<>();
  final Cells cells;

  /// Where everything lives: not the first one, if there are several.
  final Cell cell;

  final Tables tables;
  private final Map<String, Credential<Secret>> remembered = new ConcurrentHashMap<>();
  private final PayEngine engine;
  private BillingApi api;

  ApiWorld() {
    this(TestDatabase.cells(), PayEngine.Settings.DEFAULT.throughTheQueue());
  }

  ApiWorld(Cells cells, PayEngine.Settings lanes) {
    this.cells = cells;
    this.cell = cells.all().getLast();
    this.tables = new Tables(cell);
    this.engine = new PayEngine(cells.all(), lanes, CellLanes.Listeners.NONE);
    this.api = api(Map.of());
  }

  /// Keeps a key, so that it is known while the database is away.
  void remember(String secretId) {
    remembered.put(secretId, key(secretId).orElseThrow());
  }

  /// The same world with other settings.
  ApiWorld with(Map<String, String> keys) {
    api = api(keys);
    return this;
  }

  private BillingApi api(Map<String, String> keys) {
    var configuration = Configuration.with(keys);
    var use =
        new Actions.UseCases(
            new PayDeals(engine, new Deliveries(cells), Duration.ofSeconds(10)),
            new FindDeals(cells),
            new DescribeBalance(cells, new Ledger()),
            new FindVouchers(cells),
            new FindVoucherUsage(cells));
    return new BillingApi(
        BillingApi.Settings.of(configuration),
        Actions.of(use, id -> cells.get(id).ids(), Actions.PaySettings.of(configuration.billing())),
        this::key,
        () -> REQUEST_ID,
        clock,
        nanos::get,
        log::add);
  }

  Response handle(Request request) {
    return api.handle(request);
  }

  String answer(Request request) {
    return new String(handle(request).body(), StandardCharsets.UTF_8);
  }

  /// The code of the last answer.
  String code() {
    return log.getLast().code();
  }

  void close() {
    engine.close();
    cells.close();
  }

  private Optional<Credential<Secret>> key(String secretId) {
    if (remembered.containsKey(secretId)) {
      return Optional.of(remembered.get(secretId));
    }
    boolean temporary = secretId.startsWith("AKIDTMP");
    String digits = secretId.replaceFirst("^AKID(TMP)?", "");
    if (!digits.matches("[0-9]{12}")) {
      return Optional.empty();
    }
    long uin = Long.parseLong(digits);
    return cell.database()
        .read(tx ->
            tx.queryOne(
                USER,
                row ->
                    new Caller(
                        new Uin(uin),
                        new Uin(row.longAt("owner_uin")),
                        cell.id(),
                        Edition.parse(row.text("edition")),
                        Set.copyOf(row.texts("policies"))),
                uin))
        .map(caller ->
            new Credential<>(
                secretId,
                SECRET,
                caller,
                true,
                temporary
                    ? Optional.of(
                        new Credential.Temporary(sha256("token"), SignedCall.NOW.plusSeconds(3600)))
                    : Optional.empty()));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Delivers at once, and always the same: `p_broken` fails, `p_slow` is still under way when the
  /// wait ends, with `p_lost` the wait itself breaks off, anything else gives as many resources as
  /// were ordered.
  private record Deliveries(Cells cells) implements PayDeals.Deliveries {
    private static final String DEALS =
        "select deal_id, product_code, quantity from deal where deal_id = any (?)";

    private record Ordered(DealId id, String product, int quantity) {}

    @Override
    public Result await(CellId cell, List<DealId> deals, Duration most) {
      Map<DealId, Ordered> ordered =
          cells
              .get(cell)
              .database()
              .read(tx ->
                  tx.query(
                      DEALS,
                      row ->
                          new Ordered(
                              new DealId(row.text("deal_id")),
                              row.text("product_code"),
                              row.intAt("quantity")),
                      deals.stream().map(DealId::value).toList()))
              .stream()
              .collect(Collectors.toMap(Ordered::id, deal -> deal));
      var resources = new ArrayList<String>();
      var failed = new ArrayList<DealId>();
      for (DealId id : deals) {
        Ordered deal = ordered.get(id);
        switch (deal.product) {
          case "p_broken" -> failed.add(id);
          case "p_slow" -> {}
          case "p_lost" -> throw new IllegalStateException("the wait breaks off");
          default -> resources.addAll(resourcesOf(deal));
        }
      }
      return new Result(resources, failed);
    }

    private static List<String> resourcesOf(Ordered deal) {
      String id = deal.id.value();
      String stem = "ins-" + id.substring(Math.max(0, id.length() - 7));
      return IntStream.range(0, deal.quantity).mapToObj(i -> stem + (char) ('a' + i)).toList();
    }
  }
}
