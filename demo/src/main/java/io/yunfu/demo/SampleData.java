package io.yunfu.demo;

import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.ApiKey;
import io.yunfu.billing.account.ApiKeys;
import io.yunfu.billing.account.Caller;
import io.yunfu.billing.account.Certification;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.agentpay.Bindings;
import io.yunfu.billing.balance.TopUp;
import io.yunfu.billing.deal.CreateDeals;
import io.yunfu.billing.deal.CreateDeals.NewBigDeal;
import io.yunfu.billing.deal.CreateDeals.Together;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.deal.Deals;
import io.yunfu.billing.deal.NewDeal;
import io.yunfu.billing.deal.PlacedDeal;
import io.yunfu.billing.pay.PayCommand;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.billing.product.Product;
import io.yunfu.billing.product.Products;
import io.yunfu.billing.voucher.IssueVouchers;
import io.yunfu.billing.voucher.NewVoucher;
import io.yunfu.billing.voucher.Voucher;
import io.yunfu.db.Cell;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.Operator;
import io.yunfu.server.Wiring;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a demo begins with: an account of each edition, products, and orders of every kind that is
/// worth a try. It is put in by the operator's own use cases, as an operator would.
///
/// What `demo.json` names is there already, and of that only what is still unpaid is renewed.
final class SampleData {
  /// What the sample data is put in as.
  static final Operator OPERATOR = new Operator("demo", "demo");

  /// Of `demo.json`.
  static final String ACCOUNTS = "accounts";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Product.Key CVM = new Product.Key("p_cvm", "sp_cvm_s5");
  private static final Product.Key CBS = new Product.Key("p_cbs", "sp_cbs_premium");

  /// What each account has, in cents.
  private static final long MONEY = 100_000;

  /// An order whose deadline has passed by the time that anybody reads of it.
  private static final String EXPIRED = "expired";

  private final Wiring.Running running;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final CreateDeals creation;

  SampleData(Wiring.Running running, Clock clock) {
    this.running = running;
    this.clock = clock;
    this.creation = new CreateDeals(running.cells(), clock, CreateDeals.DEFAULT_UNPAID_TTL);
  }

  /// Puts accounts with orders in, or renews what is said of those that are there.
  ///
  /// @param demo what `demo.json` says, and will say
  void into(ObjectNode demo) {
    if (demo.path(ACCOUNTS).isEmpty()) {
      make(demo);
    } else {
      renew(demo);
    }
  }

  private void make(ObjectNode demo) {
    var products = new Products(running.cells(), clock);
    products.create(
        OPERATOR,
        new Products.Command(
            CVM, "云服务器", "Cloud Virtual Machine", "标准型", "Standard", 1, "ins", ""));
    products.create(
        OPERATOR,
        new Products.Command(CBS, "云硬盘", "Cloud Block Storage", "高性能", "Premium", 2, "disk", ""));
    var accounts = demo.putArray(ACCOUNTS);
    for (Edition edition : Edition.values()) {
      accounts.add(account(edition));
    }
  }

  /// Without the orders that were paid, closed or have expired meanwhile.
  private void renew(ObjectNode demo) {
    var deals = new Deals(running.cells());
    Instant now = clock.instant();
    for (var account : demo.get(ACCOUNTS)) {
      List<PlacedDeal> unpaid =
          texts(account.get("unpaidOrderIds"))
              .flatMap(id -> deals.find(new DealId(id)).stream())
              .filter(deal -> deal.status() == DealStatus.UNPAID && deal.payUntil().isAfter(now))
              .toList();
      var bigDeals =
          unpaid.stream().map(deal -> deal.bigDeal().value()).collect(Collectors.toSet());
      var kept = texts(account.get("unpaidBigDealIds")).filter(bigDeals::contains).toList();
      var json = (ObjectNode) account;
      var ids = json.putArray("unpaidOrderIds");
      unpaid.forEach(deal -> ids.add(deal.id().value()));
      var bigIds = json.putArray("unpaidBigDealIds");
      kept.forEach(bigIds::add);
    }
  }

  private static Stream<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString);
  }

  /// An account with money, vouchers and an order of every kind. Its reseller has paid for one of
  /// its resources.
  private ObjectNode account(Edition edition) {
    Uin uin = open(edition, edition == Edition.CHINA ? "示例账号" : "Sample account", Optional.empty());
    Uin reseller =
        open(edition, edition == Edition.CHINA ? "示例代理商" : "Sample reseller", Optional.of(uin));
    new Bindings(running.cells(), clock)
        .bind(OPERATOR, Bindings.Kind.RESELLER, uin, reseller)
        .orThrow();
    var json = JSON.createObjectNode();
    json.put("uin", uin.value());
    json.put("edition", edition.code());
    ApiKey.Made key = key(uin);
    json.put("secretId", key.key().secretId());
    json.put("secretKey", key.secretKey());
    var unpaid = json.putArray("unpaidOrderIds");
    var unpaidBig = json.putArray("unpaidBigDealIds");
    var vouchers = json.putArray("voucherIds");
    var samples = json.putObject("orders");
    orders(uin, reseller, edition)
        .forEach((name, created) -> {
          var ids = samples.putArray(name);
          for (var placed : created.bigDeals()) {
            placed.deals().forEach(deal -> ids.add(deal.dealId()));
            if (!name.equals(EXPIRED)) {
              placed.deals().forEach(deal -> unpaid.add(deal.dealId()));
              unpaidBig.add(placed.bigDealId());
            }
          }
        });
    vouchers(uin, edition).forEach(vouchers::add);
    var agent = json.putObject("reseller");
    ApiKey.Made resellerKey = key(reseller);
    agent.put("uin", reseller.value());
    agent.put("secretId", resellerKey.key().secretId());
    agent.put("secretKey", resellerKey.secretKey());
    return json;
  }

  /// The names are what `demo.json` calls them.
  private Map<String, CreateDeals.Created> orders(Uin uin, Uin reseller, Edition edition) {
    var orders = new LinkedHashMap<String, CreateDeals.Created>();
    orders.put("single", order(uin, deal(CVM, 9_900)));
    orders.put(
        "several",
        order(
            uin,
            new Together.No(),
            big(deal(CVM, 5_000)),
            big(deal(CVM, 6_000)),
            big(deal(CBS, 700))));
    orders.put("bigDealOfThree", order(uin, deal(CVM, 3_000), deal(CVM, 3_000), deal(CBS, 450)));
    orders.put(
        "packageGroup",
        order(uin, new Together.New(), big(deal(CVM, 2_000)), big(deal(CBS, 1_000))));
    orders.put("voucherEligible", order(uin, deal(CBS, 8_000)));
    orders.put("tooExpensive", order(uin, deal(CVM, 100 * MONEY)));
    orders.put(
        "downgradePaidByReseller",
        order(
            uin,
            new NewDeal(
                Optional.empty(),
                CVM,
                "downgrade",
                Deal.PREPAID,
                100 * Voucher.MICRO_PER_CENT,
                1,
                BigDecimal.ONE,
                "m",
                NewDeal.NO_DISCOUNT,
                true,
                0,
                List.of(),
                "",
                "",
                "",
                paidByReseller(uin, reseller, edition))));
    orders.put(
        EXPIRED,
        creation
            .create(
                OPERATOR,
                new CreateDeals.Command(
                    uin,
                    uin,
                    new Together.No(),
                    List.of(big(deal(CVM, 1_000))),
                    Optional.of(clock.instant().plusSeconds(1)),
                    Optional.empty()))
            .orThrow());
    return orders;
  }

  /// The reseller places an order for its client and pays it, through PayDeals.
  private List<String> paidByReseller(Uin client, Uin reseller, Edition edition) {
    var order =
        creation
            .create(
                OPERATOR,
                new CreateDeals.Command(
                    client,
                    reseller,
                    new Together.No(),
                    List.of(big(deal(CVM, 4_000))),
                    Optional.empty(),
                    Optional.empty()))
            .orThrow();
    Cell cell = cellOf(client);
    var command =
        new PayCommand(
            cell.ids().next(),
            new Caller(reseller, reseller, cell.id(), edition, Set.of()),
            AgentPay.RESELLER_ORDER,
            new PayCommand.Target.Deals(order.dealIds()),
            Optional.empty(),
            false,
            "",
            "demo",
            clock.instant());
    return switch (running.payDeals().pay(command)) {
      case PayDeals.Answer.Paid paid -> paid.resources();
      case PayDeals.Answer other ->
          throw new IllegalStateException("the reseller's payment came to " + other);
    };
  }

  private List<String> vouchers(Uin uin, Edition edition) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.ofHours(8));
    var voucher =
        NewVoucher.forAll(
            edition.currency(), 3_000 * Voucher.MICRO_PER_CENT, today, today.plusYears(1));
    return new IssueVouchers(running.cells(), clock)
        .issue(
            OPERATOR,
            new IssueVouchers.Command(uin, voucher, 2, Optional.empty(), Optional.empty()))
        .orThrow()
        .voucherIds();
  }

  private Uin open(Edition edition, String name, Optional<Uin> beside) {
    var place =
        beside
            .<OpenAccount.Place>map(OpenAccount.Place.Beside::new)
            .orElseGet(OpenAccount.Place.Any::new);
    Uin uin =
        new OpenAccount(running.cells(), clock, random)
            .open(
                OPERATOR,
                new OpenAccount.Command(
                    Optional.empty(), name, edition, Certification.COMPLETE, place))
            .orThrow()
            .owner()
            .uin();
    new TopUp(running.cells(), clock)
        .topUp(OPERATOR, TopUp.Command.cash(uin, Money.of(MONEY, edition.currency())))
        .orThrow();
    return uin;
  }

  private ApiKey.Made key(Uin uin) {
    return new ApiKeys(running.cells(), clock, random, running.masterKey())
        .create(OPERATOR, ApiKeys.Command.of(uin, uin))
        .orThrow();
  }

  private CreateDeals.Created order(Uin owner, NewDeal... deals) {
    return creation.create(OPERATOR, CreateDeals.Command.of(owner, deals)).orThrow();
  }

  private CreateDeals.Created order(Uin owner, Together together, NewBigDeal... bigDeals) {
    return creation
        .create(
            OPERATOR,
            new CreateDeals.Command(
                owner, owner, together, List.of(bigDeals), Optional.empty(), Optional.empty()))
        .orThrow();
  }

  private static NewBigDeal big(NewDeal deal) {
    return new NewBigDeal(Optional.empty(), List.of(deal));
  }

  /// One month of one product.
  private static NewDeal deal(Product.Key product, long cents) {
    return new NewDeal(
        Optional.empty(),
        product,
        "purchase",
        Deal.PREPAID,
        cents * Voucher.MICRO_PER_CENT,
        1,
        BigDecimal.ONE,
        "m",
        NewDeal.NO_DISCOUNT,
        true,
        0,
        List.of(new NewDeal.Pair("规格", "2C4G")),
        "",
        "",
        "ap-guangzhou-1",
        List.of());
  }

  private Cell cellOf(Uin owner) {
    return running.cells().get(new Accounts(running.cells()).find(owner).orElseThrow().cell());
  }
}
