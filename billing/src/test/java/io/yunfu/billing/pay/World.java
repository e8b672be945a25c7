package io.yunfu.billing.pay;

import io.yunfu.billing.account.Caller;
import io.yunfu.billing.account.Certification;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.account.Owner;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.voucher.Voucher;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.billing.voucher.VoucherStatus;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Balance;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/// Builds the rows a decision looks at, without a database. Everything is plain unless a test says
/// otherwise: a certified China owner with 1000 yuan, one unpaid deal of 100 yuan.
final class World {
  static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");
  static final Uin OWNER = new Uin(100_000_000_001L);
  static final Uin CLIENT = new Uin(100_000_000_002L);
  static final Uin PAYER = new Uin(100_000_000_003L);

  private final AtomicLong postings = new AtomicLong();
  final PayState state = new PayState();

  World owner(Uin uin, long cash) {
    return owner(uin, cash, 0, Certification.COMPLETE, true);
  }

  World owner(Uin uin, long cash, long credit, Certification certification, boolean active) {
    return owner(uin, cash, credit, certification, active, Optional.empty(), Optional.empty());
  }

  World owner(
      Uin uin,
      long cash,
      long credit,
      Certification certification,
      boolean active,
      Optional<Uin> groupPayer,
      Optional<Uin> reseller) {
    state.add(new Owner(uin, "", Edition.CHINA, certification, active), groupPayer, reseller);
    state.add(new Balance(uin, Currency.CNY, 0, 0, cash, 0, 0, credit, List.of()));
    groupPayer.ifPresent(state::addGroupPayer);
    reseller.ifPresent(state::addReseller);
    return this;
  }

  World with(Deal... deals) {
    for (Deal deal : deals) {
      state.add(deal);
      state.add(
          new PayState.Sibling(
              deal.id(), deal.bigDeal(), deal.packageId(), deal.status(), deal.payUntil()));
    }
    return this;
  }

  /// A deal that the request does not name, seen only beside those it names.
  World beside(Deal deal) {
    state.add(
        new PayState.Sibling(
            deal.id(), deal.bigDeal(), deal.packageId(), deal.status(), deal.payUntil()));
    return this;
  }

  World with(Voucher voucher) {
    state.add(voucher);
    return this;
  }

  PayDecision pay(PayCommand command) {
    return PayDecision.decide(command, state);
  }

  PayCommand self(String... deals) {
    return command(AgentPay.SELF, OWNER, deals);
  }

  PayCommand command(AgentPay mode, Uin caller, String... deals) {
    return command(caller(caller), mode, deals);
  }

  PayCommand command(Caller caller, AgentPay mode, String... deals) {
    var ids = List.of(deals).stream().map(DealId::new).toList();
    return command(caller, mode, new PayCommand.Target.Deals(ids), Optional.empty(), false);
  }

  PayCommand command(
      Caller caller,
      AgentPay mode,
      PayCommand.Target target,
      Optional<VoucherId> voucher,
      boolean autoVoucher) {
    return new PayCommand(
        postings.incrementAndGet(), caller, mode, target, voucher, autoVoucher, "", "request", NOW);
  }

  static Caller caller(Uin owner) {
    return new Caller(owner, owner, new CellId(0), Edition.CHINA, Set.of());
  }

  static Caller subUser(String... policies) {
    return new Caller(new Uin(7), OWNER, new CellId(0), Edition.CHINA, Set.of(policies));
  }

  static Deal deal(String id, long fen) {
    return deal(id, fen, deal -> deal);
  }

  static Deal deal(String id, long fen, UnaryOperator<DealBuilder> change) {
    return change.apply(new DealBuilder(id, fen)).build();
  }

  static Voucher voucher(String id, long fen) {
    return voucher(id, fen, LocalDate.of(2026, 12, 31));
  }

  static Voucher voucher(String id, long fen, LocalDate ends) {
    return voucher(id, fen, ends, voucher -> voucher);
  }

  static Voucher voucher(
      String id, long fen, LocalDate ends, UnaryOperator<VoucherBuilder> change) {
    var builder = new VoucherBuilder();
    builder.id = new VoucherId(id);
    builder.micro = fen * Voucher.MICRO_PER_CENT;
    builder.ends = ends;
    return change.apply(builder).build();
  }

  static final class DealBuilder {
    private final DealId id;
    private final long fen;
    private BigDealId bigDeal;
    private int size = 1;
    private String packageId = "";
    private Uin owner = OWNER;
    private Uin creator = OWNER;
    private DealStatus status = DealStatus.UNPAID;
    private String product = "p_cvm";
    private String action = "purchase";
    private String payMode = "prePay";
    private Currency currency = Currency.CNY;
    private long priceFen;
    private boolean vouchersAllowed = true;
    private List<String> targets = new ArrayList<>();
    private Instant payUntil = NOW.plusSeconds(1);

    DealBuilder(String id, long fen) {
      this.id = new DealId(id);
      this.fen = fen;
      this.priceFen = fen;
      this.bigDeal = new BigDealId("big-" + id);
    }

    DealBuilder in(String bigDealId, int dealsInIt) {
      bigDeal = new BigDealId(bigDealId);
      size = dealsInIt;
      return this;
    }

    DealBuilder inPackage(String id) {
      packageId = id;
      return this;
    }

    DealBuilder of(Uin uin) {
      owner = uin;
      creator = uin;
      return this;
    }

    DealBuilder placedBy(Uin uin) {
      creator = uin;
      return this;
    }

    DealBuilder status(DealStatus newStatus) {
      status = newStatus;
      return this;
    }

    DealBuilder product(String code) {
      product = code;
      return this;
    }

    DealBuilder action(String newAction, String... newTargets) {
      action = newAction;
      targets = List.of(newTargets);
      return this;
    }

    DealBuilder payMode(String mode) {
      payMode = mode;
      return this;
    }

    DealBuilder currency(Currency other) {
      currency = other;
      return this;
    }

    DealBuilder priceNow(long newFen) {
      priceFen = newFen;
      return this;
    }

    DealBuilder noVouchers() {
      vouchersAllowed = false;
      return this;
    }

    DealBuilder payUntil(Instant deadline) {
      payUntil = deadline;
      return this;
    }

    Deal build() {
      long micro = Math.multiplyExact(priceFen, 1_000_000L);
      return new Deal(
          id,
          bigDeal,
          size,
          packageId,
          owner,
          creator,
          status,
          product,
          "sp_" + product,
          action,
          payMode,
          Money.of(fen, currency),
          new Deal.Price(micro, 1, BigDecimal.ONE, micro, 1_000_000),
          vouchersAllowed,
          targets,
          payUntil);
    }
  }

  static final class VoucherBuilder {
    VoucherId id = new VoucherId("v");
    Uin owner = OWNER;
    VoucherStatus status = VoucherStatus.UNUSED;
    Currency currency = Currency.CNY;
    long micro;
    String payMode = "prePay";
    Set<String> scenes = Set.of("*");
    List<String> products = List.of("*");
    List<String> excluded = List.of();
    long minimum;
    boolean autoUse = true;
    LocalDate begins = LocalDate.of(2025, 1, 1);
    LocalDate ends = LocalDate.of(2026, 12, 31);

    VoucherBuilder with(java.util.function.Consumer<VoucherBuilder> change) {
      change.accept(this);
      return this;
    }

    Voucher build() {
      return new Voucher(
          id, owner, status, currency, micro, payMode, scenes, products, excluded, minimum, autoUse,
          begins, ends);
    }
  }
}
