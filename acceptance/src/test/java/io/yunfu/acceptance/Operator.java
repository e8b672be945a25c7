package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.ApiKey;
import io.yunfu.billing.account.ApiKeys;
import io.yunfu.billing.account.Certification;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.billing.balance.TopUp;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.CreateDeals;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.NewDeal;
import io.yunfu.billing.product.Product;
import io.yunfu.billing.product.Products;
import io.yunfu.billing.voucher.IssueVouchers;
import io.yunfu.billing.voucher.NewVoucher;
import io.yunfu.db.Cells;
import io.yunfu.db.DatabaseSettings;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Ledger;
import io.yunfu.operator.MasterKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The operator: makes what the tests need.
final class Operator implements AutoCloseable {
  private static final io.yunfu.operator.Operator SELF =
      new io.yunfu.operator.Operator("acceptance", "acceptance");
  private static final Product.Key CVM = new Product.Key("p_cvm", "sp_cvm_s5");
  private static final long MICRO_PER_CENT = 1_000_000;

  /// Deals in one order, at most.
  private static final int MOST_DEALS = 100;

  private final Cells cells;
  private final MasterKey masterKey;
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();

  Operator(Path data) {
    Path postgres = data.resolve("postgres");
    String url = "postgresql://127.0.0.1:" + read(postgres.resolve("port")) + "/yunfu";
    String password = read(postgres.resolve("password"));
    Secrets.remember(password);
    String key = read(data.resolve("master.key"));
    Secrets.remember(key);
    cells = Cells.open(DatabaseSettings.of(url, "yunfu", password).withPoolSize(2), Program.CELLS);
    masterKey = MasterKey.parse(key);
    var products = new Products(cells, clock);
    if (products.find(CVM).isEmpty()) {
      products
          .create(
              SELF,
              new Products.Command(CVM, "云服务器", "Cloud machine", "标准型", "Standard", 1, "ins", ""))
          .orThrow();
    }
  }

  /// A certified account with this much cash, in cents, and a key.
  Customer customer(Edition edition, long cash) {
    var ofProduct =
        edition == Edition.CHINA
            ? io.yunfu.billing.account.Edition.CHINA
            : io.yunfu.billing.account.Edition.INTL;
    Uin uin =
        new OpenAccount(cells, clock, random)
            .open(
                SELF,
                new OpenAccount.Command(
                    Optional.empty(),
                    "Customer",
                    ofProduct,
                    Certification.COMPLETE,
                    new OpenAccount.Place.Any()))
            .orThrow()
            .owner()
            .uin();
    if (cash > 0) {
      new TopUp(cells, clock)
          .topUp(
              SELF, TopUp.Command.cash(uin, Money.of(cash, Currency.valueOf(edition.currency()))))
          .orThrow();
    }
    return new Customer(uin.value(), edition, key(ApiKeys.Command.of(uin, uin)));
  }

  Key temporaryKey(Customer customer) {
    var uin = new Uin(customer.uin());
    return key(
        new ApiKeys.Command(
            uin, uin, Optional.empty(), Optional.of(Duration.ofHours(1)), "temporary"));
  }

  void disableKey(Customer customer) {
    new ApiKeys(cells, clock, random, masterKey)
        .setEnabled(SELF, new Uin(customer.uin()), customer.key().secretId(), false)
        .orThrow();
  }

  /// One big deal with a deal for each price, in cents.
  Order order(Customer customer, long... cents) {
    return order(customer, Arrays.stream(cents).boxed().toList());
  }

  Order order(Customer customer, List<Long> cents) {
    return place(customer, List.of(cents.stream().map(Operator::deal).toList())).getFirst();
  }

  /// Big deals of one deal each.
  List<Order> orders(Customer customer, int number, long cents) {
    var orders = new ArrayList<Order>();
    for (int left = number; left > 0; left -= MOST_DEALS) {
      orders.addAll(
          place(customer, Collections.nCopies(Math.min(left, MOST_DEALS), List.of(deal(cents)))));
    }
    return orders;
  }

  /// An order that was placed elsewhere and keeps its ids; one cent a piece.
  void importOrder(Customer customer, String bigDealId, List<String> dealIds, int quantity) {
    List<NewDeal> deals =
        dealIds.stream().map(id -> deal(Optional.of(new DealId(id)), 1, quantity)).toList();
    create(
        customer,
        List.of(new CreateDeals.NewBigDeal(Optional.of(new BigDealId(bigDealId)), deals)));
  }

  private Key key(ApiKeys.Command command) {
    ApiKey.Made made = new ApiKeys(cells, clock, random, masterKey).create(SELF, command).orThrow();
    return new Key(made.key().secretId(), made.secretKey(), made.token().orElse(""));
  }

  private List<Order> place(Customer customer, List<List<NewDeal>> bigDeals) {
    return create(
            customer,
            bigDeals.stream()
                .map(deals -> new CreateDeals.NewBigDeal(Optional.empty(), deals))
                .toList())
        .bigDeals()
        .stream()
        .map(placed ->
            new Order(
                placed.bigDealId(),
                placed.deals().stream().map(CreateDeals.Created.PlacedDeal::dealId).toList()))
        .toList();
  }

  private CreateDeals.Created create(Customer customer, List<CreateDeals.NewBigDeal> bigDeals) {
    var uin = new Uin(customer.uin());
    return new CreateDeals(cells, clock, CreateDeals.DEFAULT_UNPAID_TTL)
        .create(
            SELF,
            new CreateDeals.Command(
                uin,
                uin,
                new CreateDeals.Together.No(),
                bigDeals,
                Optional.empty(),
                Optional.empty()))
        .orThrow();
  }

  private static NewDeal deal(long cents) {
    return deal(Optional.empty(), cents, 1);
  }

  private static NewDeal deal(Optional<DealId> id, long cents, int quantity) {
    return new NewDeal(
        id,
        CVM,
        "purchase",
        "prePay",
        cents * MICRO_PER_CENT,
        quantity,
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

  /// One that pays for everything.
  String voucher(Customer customer, long cents) {
    LocalDate today = LocalDate.now(clock.withZone(ZoneOffset.ofHours(8)));
    return new IssueVouchers(cells, clock)
        .issue(
            SELF,
            IssueVouchers.Command.of(
                new Uin(customer.uin()),
                NewVoucher.forAll(
                    Currency.valueOf(customer.edition().currency()),
                    cents * MICRO_PER_CENT,
                    today,
                    today.plusDays(30))))
        .orThrow()
        .voucherIds()
        .getFirst();
  }

  /// In cents.
  long available(Customer customer) {
    var uin = new Uin(customer.uin());
    var cell = cells.get(new Accounts(cells).find(uin).orElseThrow().cell());
    return cell.database()
        .snapshot(tx -> new Ledger().balance(tx, uin))
        .orElseThrow()
        .available(clock.instant())
        .cents();
  }

  @Override
  public void close() {
    cells.close();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
