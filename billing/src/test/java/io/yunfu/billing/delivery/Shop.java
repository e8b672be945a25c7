package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Cell;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// Sells deals as a payment would leave them: paid, and queued for delivery.
final class Shop {
  private static final AtomicLong NUMBERS = new AtomicLong(200_000_000_000L);

  final Cell cell;

  Shop(Cell cell) {
    this.cell = cell;
    product("p_cvm", "ins", "");
    product("p_disk", "disk", "");
  }

  /// What is sold. Everything is plain unless it is said otherwise.
  record Sale(
      Uin owner,
      String product,
      String action,
      int quantity,
      List<String> targets,
      int agentPay,
      Instant paidAt) {

    Sale of(String otherProduct) {
      return new Sale(owner, otherProduct, action, quantity, targets, agentPay, paidAt);
    }

    Sale times(int otherQuantity) {
      return new Sale(owner, product, action, otherQuantity, targets, agentPay, paidAt);
    }

    Sale action(String otherAction, String... on) {
      return new Sale(owner, product, otherAction, quantity, List.of(on), agentPay, paidAt);
    }

    Sale mode(int otherAgentPay) {
      return new Sale(owner, product, action, quantity, targets, otherAgentPay, paidAt);
    }
  }

  Sale sale(Uin owner, Instant paidAt) {
    return new Sale(owner, "p_cvm", "purchase", 1, List.of(), 0, paidAt);
  }

  Uin owner() {
    var uin = new Uin(NUMBERS.incrementAndGet());
    cell.database()
        .execute(tx -> {
          new Ledger().open(tx, uin, Currency.CNY);
          tx.update(
              """
              insert into owner (uin, edition, certification, created_at) values (?, 'china', 'complete', now())
              """,
              uin.value());
        });
    return uin;
  }

  Shop product(String code, String prefix, String provider) {
    cell.database()
        .execute(tx ->
            tx.update(
                """
                insert into product (product_code, sub_product_code, name_zh, name_en, sub_name_zh, sub_name_en,
                                     resource_prefix, provider, created_at)
                values (?, ?, '产品', 'Product', '子产品', 'Sub-product', ?, ?, now())
                on conflict (product_code, sub_product_code) do update set provider = excluded.provider
                """,
                code,
                "s" + code,
                prefix,
                provider));
    return this;
  }

  DealId sell(Sale sale) {
    return sell(sale, 1).getFirst();
  }

  /// So many alike, each in a big deal of its own, in one transaction.
  List<DealId> sell(Sale sale, int deals) {
    var ids = new ArrayList<DealId>();
    cell.database()
        .execute(tx -> {
          ids.clear();
          String[] names =
              IntStream.range(0, deals)
                  .mapToObj(_ -> "D" + NUMBERS.incrementAndGet())
                  .toArray(String[]::new);
          for (String name : names) {
            ids.add(new DealId(name));
          }
          tx.update(
              """
              insert into big_deal (big_deal_id, owner_uin, creator_uin, created_at)
              select 'B' || id, ?, ?, ?::timestamptz from unnest(?::text[]) as id
              """,
              sale.owner.value(),
              sale.owner.value(),
              sale.paidAt,
              names);
          tx.update(
              """
              insert into deal (deal_id, big_deal_id, owner_uin, creator_uin, big_deal_size, status, product_code,
                                sub_product_code, action, pay_mode, currency, price_micro, quantity, time_span,
                                time_unit, total_cost_micro, policy_ppm, payable, target_resources, created_at,
                                pay_until, payer_uin, agent_pay, real_total_cost, voucher_decline, posting_id,
                                paid_at, status_at)
              select id, 'B' || id, ?, ?, 1, 2, ?, ?, ?, 'prePay', 'CNY', 0, ?, 1, 'm', 0, 1000000, 0, ?,
                     ?::timestamptz, '2999-01-01', ?, ?, 0, 0, 1, ?::timestamptz, ?::timestamptz
                from unnest(?::text[]) as id
              """,
              sale.owner.value(),
              sale.owner.value(),
              sale.product,
              "s" + sale.product,
              sale.action,
              sale.quantity,
              sale.targets.toArray(String[]::new),
              sale.paidAt,
              sale.owner.value(),
              sale.agentPay,
              sale.paidAt,
              sale.paidAt,
              names);
          tx.update(
              """
              insert into delivery (deal_id, owner_uin, state, next_attempt_at, queued_at)
              select id, ?, 'queued', ?::timestamptz, ?::timestamptz from unnest(?::text[]) as id
              """,
              sale.owner.value(),
              sale.paidAt,
              sale.paidAt,
              names);
        });
    return ids;
  }

  DealStatus status(DealId deal) {
    return DealStatus.of(
        cell.database()
            .read(tx ->
                tx.query(
                        "select status from deal where deal_id = ?",
                        row -> row.intAt("status"),
                        deal.value())
                    .getFirst()));
  }

  List<String> resources(DealId deal) {
    return cell.database()
        .read(tx ->
            tx.query(
                    "select resource_ids from deal where deal_id = ?",
                    row -> row.texts("resource_ids"),
                    deal.value())
                .getFirst());
  }

  /// The resources of an owner, as `id deal agent_pay state`.
  Set<String> holdings(Uin owner) {
    return Set.copyOf(
        cell.database()
            .read(tx ->
                tx.query(
                    """
                    select resource_id || ' ' || deal_id || ' ' || agent_pay || ' ' || state as line
                      from resource
                     where owner_uin = ?
                    """,
                    row -> row.text("line"),
                    owner.value())));
  }

  /// The rows of the queue, as `state failures last_error`, of one deal.
  List<String> queue(DealId deal) {
    return cell.database()
        .read(tx ->
            tx.query(
                "select state || ' ' || failures || ' ' || last_error as line from delivery where deal_id = ?",
                row -> row.text("line").strip(),
                deal.value()));
  }

  long count(String table) {
    return cell.database()
        .read(tx ->
            tx.query("select count(*) as rows from " + table, row -> row.longAt("rows"))
                .getFirst());
  }

  void sql(String statement, Object... args) {
    cell.database().execute(tx -> tx.update(statement, args));
  }
}
