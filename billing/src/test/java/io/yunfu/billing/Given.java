package io.yunfu.billing;

import io.yunfu.billing.account.Caller;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.pay.PayCommand;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.db.Cell;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.Pocket;
import io.yunfu.ledger.Posting;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Puts rows into a cell for a test. Everything is plain unless it is said otherwise, and money
/// arrives by postings, so that the books balance from the start.
public final class Given {
  private static final AtomicLong NUMBERS = new AtomicLong(100_000_000_000L);

  private final Cell cell;
  private final Instant now;
  private final Ledger ledger = new Ledger();

  public Given(Cell cell, Instant now) {
    this.cell = cell;
    this.now = now;
  }

  /// A certified China owner with this much cash.
  public Caller owner(long cash) {
    return owner(Edition.CHINA, cash, 0);
  }

  public Caller owner(Edition edition, long cash, long creditLimit) {
    var uin = new Uin(NUMBERS.incrementAndGet());
    cell.database()
        .execute(tx -> {
          ledger.open(tx, uin, edition.currency());
          tx.update(
              """
              insert into owner (uin, edition, certification, created_at)
              values (?, ?, 'complete', ?)
              """,
              uin.value(),
              edition.code(),
              now);
          ledger.setCreditLimit(tx, uin, creditLimit);
        });
    var caller = new Caller(uin, uin, cell.id(), edition, Set.of());
    if (cash > 0) {
      topUp(caller, cash);
    }
    return caller;
  }

  public void topUp(Caller owner, long cents) {
    cell.database()
        .execute(tx -> {
          var balance = ledger.lock(tx, owner.owner()).orElseThrow();
          var legs = balance.receive(cents, Pocket.House.FUNDING, Pocket.Kind.CASH, "");
          var posting =
              new Posting(
                  cell.ids().next(), Posting.Kind.RECHARGE, "operator:test", "test", "", now, legs);
          ledger.post(tx, List.of(posting));
        });
  }

  public void groupPayer(Caller member, Caller payer) {
    sql("insert into group_member values (?, ?, ?)", member.owner(), payer.owner());
  }

  public void reseller(Caller client, Caller reseller) {
    sql("insert into reseller_client values (?, ?, ?)", client.owner(), reseller.owner());
  }

  /// A product of the built-in provider, unless it is there already.
  public Given product(String code, String resourcePrefix) {
    cell.database()
        .execute(tx ->
            tx.update(
                """
                insert into product (product_code, sub_product_code, name_zh, name_en, sub_name_zh, sub_name_en,
                                     resource_prefix, created_at)
                values (?, ?, '产品', 'Product', '子产品', 'Sub-product', ?, ?)
                on conflict do nothing
                """,
                code,
                "s" + code,
                resourcePrefix,
                now));
    return this;
  }

  /// A payment of deals, with a posting of its own.
  ///
  /// @param voucher its id
  public PayCommand payment(
      Caller caller, AgentPay mode, Optional<String> voucher, List<String> deals) {
    return new PayCommand(
        cell.ids().next(),
        caller,
        mode,
        new PayCommand.Target.Deals(deals.stream().map(DealId::new).toList()),
        voucher.map(VoucherId::new),
        false,
        "",
        "request",
        now);
  }

  /// From now on an HTTP provider delivers a product.
  public void provider(String product, String name) {
    cell.database()
        .execute(tx ->
            tx.update("update product set provider = ? where product_code = ?", name, product));
  }

  /// One unpaid deal of `p_cvm` in a big deal of its own.
  public String deal(Caller owner, long cents) {
    return bigDeal(owner, cents).getFirst();
  }

  /// Unpaid deals of `p_cvm` at these prices, in one big deal.
  public List<String> bigDeal(Caller owner, long... cents) {
    return bigDeal(new Order(owner), cents);
  }

  /// How a big deal differs from a plain one.
  public record Order(
      Caller owner,
      Uin creator,
      String packageId,
      String action,
      List<String> targets,
      Instant payUntil) {
    public Order(Caller owner) {
      this(owner, owner.owner(), "", "purchase", List.of(), Instant.parse("2999-01-01T00:00:00Z"));
    }

    public Order placedBy(Caller other) {
      return new Order(owner, other.owner(), packageId, action, targets, payUntil);
    }

    public Order inPackage(String id) {
      return new Order(owner, creator, id, action, targets, payUntil);
    }

    public Order action(String kind, String... on) {
      return new Order(owner, creator, packageId, kind, List.of(on), payUntil);
    }

    public Order payUntil(Instant deadline) {
      return new Order(owner, creator, packageId, action, targets, deadline);
    }
  }

  public List<String> bigDeal(Order order, long... cents) {
    product("p_cvm", "ins");
    String big = "B" + NUMBERS.incrementAndGet();
    var ids = new ArrayList<String>();
    Currency currency = order.owner.edition().currency();
    cell.database()
        .execute(tx -> {
          String packageId = order.packageId.isEmpty() ? null : order.packageId;
          tx.update(
              "insert into big_deal values (?, ?, ?, ?, ?)",
              big,
              order.owner.owner().value(),
              order.creator.value(),
              packageId,
              now);
          for (long price : cents) {
            String id = "D" + NUMBERS.incrementAndGet();
            ids.add(id);
            long micro = Money.of(price, currency).cents() * 1_000_000;
            tx.update(
                """
                insert into deal (deal_id, big_deal_id, owner_uin, creator_uin, big_deal_size, package_id, status,
                                  product_code, sub_product_code, action, pay_mode, currency, price_micro,
                                  quantity, time_span, time_unit, total_cost_micro, policy_ppm, payable,
                                  target_resources, created_at, pay_until, status_at)
                values (?, ?, ?, ?, ?, ?, 1, 'p_cvm', 'sp_cvm', ?, 'prePay', ?, ?, 1, 1, 'm', ?, 1000000, ?, ?, ?,
                        ?, ?)
                """,
                id,
                big,
                order.owner.owner().value(),
                order.creator.value(),
                cents.length,
                packageId,
                order.action,
                currency.name(),
                micro,
                micro,
                price,
                order.targets.toArray(String[]::new),
                now,
                order.payUntil,
                now);
          }
        });
    return ids;
  }

  /// A voucher for everything, valid for all of the deals here.
  public String voucher(Caller owner, long cents) {
    String id = "V" + NUMBERS.incrementAndGet();
    cell.database()
        .execute(tx ->
            tx.update(
                """
                insert into voucher (voucher_id, owner_uin, status, currency, nominal_micro, balance_micro, pay_mode,
                                     pay_scenes, applicable_products, begin_date, end_date, main_type, sub_type,
                                     created_at)
                values (?, ?, 'unUsed', ?, ?, ?, '*', '{*}', '{*}', ?, ?, 'has_price', 'deduct', ?)
                """,
                id,
                owner.owner().value(),
                owner.edition().currency().name(),
                cents * 1_000_000,
                cents * 1_000_000,
                LocalDate.of(2000, 1, 1),
                LocalDate.of(2999, 1, 1),
                now));
    return id;
  }

  private void sql(String insert, Uin first, Uin second) {
    cell.database().execute(tx -> tx.update(insert, first.value(), second.value(), now));
  }
}
