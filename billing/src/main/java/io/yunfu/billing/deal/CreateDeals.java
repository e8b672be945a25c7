package io.yunfu.billing.deal;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.account.Account;
import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.Directory;
import io.yunfu.billing.product.Product;
import io.yunfu.billing.product.Products;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.ConstraintViolated;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Once;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import io.yunfu.operator.Repeatable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Places orders: one or several big deals with their deals, all or none.
///
/// Ids that come from elsewhere are first taken in the directory, then written in the cell; see
/// [Directory]. After a crash between the two they stay reserved for that cell, and the same
/// request finishes there.
public final class CreateDeals {
  /// As many as one PayDeals may name, so that what is sold together can be paid together.
  public static final int MOST_DEALS = 100;

  /// Source: inferred from a vendor's sample, see `billing.md` section 4.1. Configuration:
  /// `deal.unpaid-ttl`.
  public static final Duration DEFAULT_UNPAID_TTL = Duration.ofDays(15);

  /// An id made here meets an imported one that looks the same at most by chance.
  private static final int TRIES = 5;

  private final Cells cells;
  private final Directory directory;
  private final Accounts accounts;
  private final Products products;
  private final InstantSource clock;
  private final Duration unpaidTtl;
  private final Once once;
  private final DealStore store = new DealStore();
  private final AuditLog audit = new AuditLog();

  /// @param unpaidTtl how long a deal can be paid when the order does not say
  public CreateDeals(Cells cells, InstantSource clock, Duration unpaidTtl) {
    this.cells = cells;
    this.directory = new Directory(cells);
    this.accounts = new Accounts(cells);
    this.products = new Products(cells, clock);
    this.clock = clock;
    this.unpaidTtl = unpaidTtl;
    this.once = new Once(clock);
  }

  /// An order.
  ///
  /// @param creator who placed it: the owner, one of its sub-users, or its reseller
  /// @param together whether the big deals are sold only as a whole
  /// @param payUntil the first instant at which they can no longer be paid; absent: the default
  /// @param key lets the command be repeated
  public record Command(
      Uin owner,
      Uin creator,
      Together together,
      List<NewBigDeal> bigDeals,
      Optional<Instant> payUntil,
      Optional<String> key) {
    public Command {
      bigDeals = List.copyOf(bigDeals);
      int deals = bigDeals.stream().mapToInt(bigDeal -> bigDeal.deals().size()).sum();
      require(deals >= 1 && deals <= MOST_DEALS, "an order has 1 to %d deals", MOST_DEALS);
      payUntil = payUntil.map(instant -> instant.truncatedTo(ChronoUnit.MICROS));
    }

    /// One big deal of the owner's own.
    public static Command of(Uin owner, NewDeal... deals) {
      return new Command(
          owner,
          owner,
          new Together.No(),
          List.of(new NewBigDeal(Optional.empty(), List.of(deals))),
          Optional.empty(),
          Optional.empty());
    }
  }

  /// Whether big deals form a package.
  public sealed interface Together {
    record No() implements Together {}

    /// A package of their own, with a new id.
    record New() implements Together {}

    /// A package of this id, which may have big deals already.
    record Of(String packageId) implements Together {
      public Of {
        require(Ids.wellFormed(packageId), "not a package id: %s", packageId);
      }
    }
  }

  /// One purchase.
  ///
  /// @param id given when it is imported; made here otherwise
  public record NewBigDeal(Optional<BigDealId> id, List<NewDeal> deals) {
    public NewBigDeal {
      deals = List.copyOf(deals);
      require(!deals.isEmpty(), "a big deal has at least one deal");
    }
  }

  /// What was placed.
  ///
  /// @param packageId empty when it is no package
  public record Created(String packageId, List<Placed> bigDeals, Instant payUntil) {
    /// One big deal of it, with the deals in the order they came in.
    public record Placed(String bigDealId, List<PlacedDeal> deals) {}

    /// What is due for one deal, in cents.
    public record PlacedDeal(String dealId, long payable, Currency currency) {}

    /// The ids of all deals, in order.
    public List<DealId> dealIds() {
      return bigDeals.stream()
          .flatMap(placed -> placed.deals().stream())
          .map(deal -> new DealId(deal.dealId()))
          .toList();
    }
  }

  public Outcome<Created, DealRefused> create(Operator operator, Command command) {
    var account = accounts.find(command.owner());
    if (account.isEmpty()) {
      return Outcome.refused(new DealRefused.NoSuchAccount(command.owner()));
    }
    Cell cell = cells.get(account.get().cell());
    var refusal = refusalOfImported(command, cell);
    List<String> fresh = freshIds(cell, command);
    try {
      return once.run(
          cell.database(),
          new Repeatable("deal.create/" + command.owner(), command.key(), command),
          Created.class,
          new DealRefused.KeyReused(),
          // What was refused may be the echo of a command that was done: then it gets its answer.
          tx ->
              refusal.isPresent()
                  ? Outcome.refused(refusal.get())
                  : create(tx, cell, operator, account.get(), command, fresh.iterator()));
    } catch (ConstraintViolated e) {
      // Its twin was faster between our look and our write.
      var exists = existing(cell, command);
      if (e.isDuplicate() && exists.isPresent()) {
        return Outcome.refused(exists.get());
      }
      throw e;
    }
  }

  private Outcome<Created, DealRefused> create(
      Transaction tx,
      Cell cell,
      Operator operator,
      Account account,
      Command command,
      Iterator<String> fresh) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Instant payUntil = command.payUntil().orElse(now.plus(unpaidTtl));
    var why =
        payUntil.isAfter(now)
            ? refusal(tx, command)
            : Optional.<DealRefused>of(new DealRefused.PayUntilIsPast());
    if (why.isPresent()) {
      return Outcome.refused(why.get());
    }
    String packageId =
        switch (command.together()) {
          case Together.No() -> "";
          case Together.New() -> fresh.next();
          case Together.Of(String id) -> id;
        };
    var placed = new ArrayList<Created.Placed>();
    for (NewBigDeal bigDeal : command.bigDeals()) {
      var order =
          new DealStore.Order(
              bigDeal.id().orElseGet(() -> new BigDealId(fresh.next())),
              command.owner(),
              command.creator(),
              packageId,
              account.owner().edition().currency(),
              now,
              payUntil);
      placed.add(place(tx, order, bigDeal, fresh));
    }
    var created = new Created(packageId, placed, payUntil);
    audit.write(
        tx,
        cell.ids(),
        now,
        operator,
        "deal.create",
        Accounts.subject(command.owner()),
        Detail.of("bigDeals", placed.stream().map(Created.Placed::bigDealId).toList())
            .and("deals", created.dealIds())
            .and("creator", command.creator())
            .and("package", packageId)
            .and("payUntil", payUntil));
    return Outcome.done(created);
  }

  private Created.Placed place(
      Transaction tx, DealStore.Order order, NewBigDeal bigDeal, Iterator<String> fresh) {
    store.insert(tx, order);
    var deals = new ArrayList<Created.PlacedDeal>();
    for (NewDeal deal : bigDeal.deals()) {
      DealId id = deal.id().orElseGet(() -> new DealId(fresh.next()));
      long list = deal.listMicro().orElseThrow();
      long payable = Deal.Price.payable(list, deal.policyPpm());
      store.insert(tx, order, bigDeal.deals().size(), new DealStore.Line(id, deal, list, payable));
      deals.add(new Created.PlacedDeal(id.value(), payable, order.currency()));
    }
    return new Created.Placed(order.id().value(), deals);
  }

  /// The first rule that this order breaks.
  private Optional<DealRefused> refusal(Transaction tx, Command command) {
    if (!command.creator().equals(command.owner())
        && !store.mayCreate(tx, command.creator(), command.owner())) {
      return Optional.of(new DealRefused.CreatorMayNot(command.creator(), command.owner()));
    }
    var deals = command.bigDeals().stream().flatMap(each -> each.deals().stream()).toList();
    var keys = new LinkedHashSet<Product.Key>();
    deals.forEach(deal -> keys.add(deal.product()));
    var missing = products.missing(tx, keys);
    for (int line = 0; line < deals.size(); line++) {
      NewDeal deal = deals.get(line);
      if (missing.contains(deal.product())) {
        return Optional.of(new DealRefused.NoSuchProduct(line, deal.product()));
      }
      if (deal.listMicro().isEmpty()) {
        return Optional.of(new DealRefused.PriceNotExact(line));
      }
      var targets = targetsRefusal(tx, command.owner(), line, deal);
      if (targets.isPresent()) {
        return targets;
      }
    }
    if (command.together() instanceof Together.Of(String packageId)
        && !store.lockPackage(tx, packageId).stream()
            .allMatch(part ->
                part.owner().equals(command.owner()) && part.status() == DealStatus.UNPAID)) {
      return Optional.of(new DealRefused.PackageIsClosed(packageId));
    }
    return existing(tx, command);
  }

  /// A resource that is not known here may have been made elsewhere, before this installation.
  private Optional<DealRefused> targetsRefusal(Transaction tx, Uin owner, int line, NewDeal deal) {
    if (deal.needsTargets() && deal.targets().isEmpty()) {
      return Optional.of(
          new DealRefused.TargetsDoNotFit(line, deal.action() + " names no resource"));
    }
    if (!deal.mayHaveTargets() && !deal.targets().isEmpty()) {
      return Optional.of(
          new DealRefused.TargetsDoNotFit(line, "the resources of a purchase do not exist yet"));
    }
    return store
        .foreignResource(tx, owner, deal.targets())
        .map(resource ->
            new DealRefused.TargetsDoNotFit(line, resource + " belongs to another account"));
  }

  /// Takes imported ids in the directory, unless the order would be refused anyway.
  private Optional<DealRefused> refusalOfImported(Command command, Cell cell) {
    var ids = new ArrayList<Directory.ForeignId>();
    bigDealIds(command)
        .forEach(id -> ids.add(new Directory.ForeignId(Directory.Foreign.BIG_DEAL, id)));
    dealIds(command).forEach(id -> ids.add(new Directory.ForeignId(Directory.Foreign.DEAL, id)));
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    // An imported id that looks like ours may have been made here, in any cell.
    return cells.all().stream()
        .flatMap(each -> existing(each, command).stream())
        .findFirst()
        .or(() -> cell.database().read(tx -> refusal(tx, command)))
        .or(() -> directory.take(ids, cell).map(CreateDeals::taken));
  }

  private static DealRefused taken(Directory.ForeignId id) {
    return switch (id.kind()) {
      case BIG_DEAL -> new DealRefused.BigDealExists(new BigDealId(id.id()));
      case DEAL, VOUCHER -> new DealRefused.DealExists(new DealId(id.id()));
    };
  }

  private Optional<DealRefused> existing(Cell cell, Command command) {
    return cell.database().read(tx -> existing(tx, command));
  }

  /// The first imported id that is there already, or comes twice.
  private Optional<DealRefused> existing(Transaction tx, Command command) {
    var bigDeals = bigDealIds(command);
    var deals = dealIds(command);
    var seen = new HashSet<String>();
    for (String id : bigDeals) {
      if (!seen.add(id)) {
        return Optional.of(new DealRefused.BigDealExists(new BigDealId(id)));
      }
    }
    seen.clear();
    for (String id : deals) {
      if (!seen.add(id)) {
        return Optional.of(new DealRefused.DealExists(new DealId(id)));
      }
    }
    return store
        .existingBigDeal(tx, bigDeals)
        .<DealRefused>map(DealRefused.BigDealExists::new)
        .or(() -> store.existingDeal(tx, deals).map(DealRefused.DealExists::new));
  }

  private static Collection<String> bigDealIds(Command command) {
    return command.bigDeals().stream()
        .flatMap(bigDeal -> bigDeal.id().stream())
        .map(BigDealId::value)
        .toList();
  }

  private static Collection<String> dealIds(Command command) {
    return command.bigDeals().stream()
        .flatMap(bigDeal -> bigDeal.deals().stream())
        .flatMap(deal -> deal.id().stream())
        .map(DealId::value)
        .toList();
  }

  /// New ids, as many as the command needs, which nobody has imported before by chance.
  private List<String> freshIds(Cell cell, Command command) {
    int needed = 1; // of the package
    for (NewBigDeal bigDeal : command.bigDeals()) {
      needed += bigDeal.id().isEmpty() ? 1 : 0;
      needed += (int) bigDeal.deals().stream().filter(deal -> deal.id().isEmpty()).count();
    }
    Instant now = clock.instant();
    for (int tries = 0; tries < TRIES; tries++) {
      var ids = Stream.generate(() -> Ids.of(cell.ids().next(), now)).limit(needed).toList();
      if (!directory.knowsAny(ids)) {
        return ids;
      }
    }
    throw new IllegalStateException("no free ids in " + TRIES + " tries");
  }
}
