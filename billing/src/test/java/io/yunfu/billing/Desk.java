package io.yunfu.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.account.Account;
import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.ApiKeys;
import io.yunfu.billing.account.Certification;
import io.yunfu.billing.account.ChangeAccount;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.billing.account.SubUsers;
import io.yunfu.billing.agentpay.Bindings;
import io.yunfu.billing.audit.BillingAuditStore;
import io.yunfu.billing.balance.Adjust;
import io.yunfu.billing.balance.CreditLines;
import io.yunfu.billing.balance.Holds;
import io.yunfu.billing.balance.Statements;
import io.yunfu.billing.balance.TopUp;
import io.yunfu.billing.deal.CloseDeals;
import io.yunfu.billing.deal.CreateDeals;
import io.yunfu.billing.deal.Deals;
import io.yunfu.billing.deal.NewDeal;
import io.yunfu.billing.product.Product;
import io.yunfu.billing.product.Products;
import io.yunfu.billing.product.Providers;
import io.yunfu.billing.voucher.IssueVouchers;
import io.yunfu.billing.voucher.MoveVouchers;
import io.yunfu.billing.voucher.Vouchers;
import io.yunfu.db.Cells;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.LedgerAuditStore;
import io.yunfu.operator.AdminTokens;
import io.yunfu.operator.AuditEntry;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import io.yunfu.testkit.ManualClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;

/// The operator's desk for tests: every use case of the operator on the cells of a test, with a
/// clock that is set by hand and random numbers that repeat.
public final class Desk {
  public static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");
  public static final Operator ANN = new Operator("ann", "request-1");
  public static final Product.Key CVM = new Product.Key("p_cvm", "sp_cvm_s5");

  public final Cells cells;
  public final ManualClock clock = new ManualClock(NOW);
  public final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
  public final MasterKey masterKey = MasterKey.of(new byte[MasterKey.BYTES]);
  public final OpenAccount openAccount;
  public final ChangeAccount changeAccount;
  public final Accounts accounts;
  public final SubUsers subUsers;
  public final ApiKeys apiKeys;
  public final TopUp topUp;
  public final Adjust adjust;
  public final CreditLines creditLines;
  public final Holds holds;
  public final Statements statements;
  public final Products products;
  public final Providers providers;
  public final CreateDeals createDeals;
  public final Deals deals;
  public final CloseDeals closeDeals;
  public final IssueVouchers issueVouchers;
  public final MoveVouchers moveVouchers;
  public final Vouchers vouchers;
  public final Bindings bindings;
  public final AdminTokens adminTokens;

  public Desk(Cells cells) {
    this.cells = cells;
    this.openAccount = new OpenAccount(cells, clock, random);
    this.changeAccount = new ChangeAccount(cells, clock);
    this.accounts = new Accounts(cells);
    this.subUsers = new SubUsers(cells, clock, random);
    this.apiKeys = new ApiKeys(cells, clock, random, masterKey);
    this.topUp = new TopUp(cells, clock);
    this.adjust = new Adjust(cells, clock);
    this.creditLines = new CreditLines(cells, clock);
    this.holds = new Holds(cells, clock);
    this.statements = new Statements(cells);
    this.products = new Products(cells, clock);
    this.providers = new Providers(cells, clock, random, masterKey);
    this.createDeals = new CreateDeals(cells, clock, CreateDeals.DEFAULT_UNPAID_TTL);
    this.deals = new Deals(cells);
    this.closeDeals = new CloseDeals(cells, clock);
    this.issueVouchers = new IssueVouchers(cells, clock);
    this.moveVouchers = new MoveVouchers(cells, clock);
    this.vouchers = new Vouchers(cells);
    this.bindings = new Bindings(cells, clock);
    this.adminTokens = new AdminTokens(cells, clock, random);
  }

  /// A certified China account with this much cash.
  public Uin owner(long cash) {
    return owner(Edition.CHINA, cash);
  }

  public Uin owner(Edition edition, long cash) {
    Uin uin = open(edition, new OpenAccount.Place.Any()).owner().uin();
    if (cash > 0) {
      topUp.topUp(ANN, TopUp.Command.cash(uin, Money.of(cash, edition.currency()))).orThrow();
    }
    return uin;
  }

  public Account open(Edition edition, OpenAccount.Place place) {
    var command =
        new OpenAccount.Command(
            Optional.empty(), "Example", edition, Certification.COMPLETE, place);
    return openAccount.open(ANN, command).orThrow();
  }

  /// The product of most tests, unless it is there already.
  public Product.Key cvm() {
    if (products.find(CVM).isEmpty()) {
      products
          .create(
              ANN,
              new Products.Command(
                  CVM, "云服务器", "Cloud machine", "标准型", "Standard S5", 1, "ins", ""))
          .orThrow();
    }
    return CVM;
  }

  /// A big deal of the owner's own with deals at these prices in cents.
  public CreateDeals.Created order(Uin owner, long... cents) {
    var lines =
        LongStream.of(cents)
            .mapToObj(price -> NewDeal.purchase(cvm(), price * 1_000_000, 1))
            .toArray(NewDeal[]::new);
    return createDeals.create(ANN, CreateDeals.Command.of(owner, lines)).orThrow();
  }

  /// The newest entry of the audit log.
  public AuditEntry lastAudit() {
    return new AuditLog().list(cells, AuditLog.Filter.ALL, Optional.empty(), 1).getFirst();
  }

  /// The same for one account. Entries of one instant are ordered within a cell alone, and the
  /// clock stands still.
  public AuditEntry lastAudit(Uin uin) {
    return new AuditLog()
        .list(cells, AuditLog.Filter.ALL, Optional.empty(), 10_000).stream()
            .filter(entry -> entry.subject().equals(Accounts.subject(uin)))
            .findFirst()
            .orElseThrow();
  }

  public long audits() {
    return new AuditLog().list(cells, AuditLog.Filter.ALL, Optional.empty(), 10_000).size();
  }

  /// Holds the books of all cells against their invariants.
  public void requireSoundBooks() {
    var findings = new ArrayList<Finding>();
    cells
        .all()
        .forEach(cell ->
            cell.database()
                .snapshot(tx -> {
                  findings.addAll(new LedgerAuditStore().findings(tx));
                  findings.addAll(new BillingAuditStore().findings(tx));
                  return List.of();
                }));
    assertThat(findings).isEmpty();
  }

  /// Why a command was refused.
  public static <T, R> R refusal(Outcome<T, R> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused<T, R>) outcome).why();
  }
}
