package io.yunfu.billing.deal;

import io.yunfu.db.Transaction;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Deals as they are placed: tables `big_deal` and `deal`. How they are paid is the payment
/// store's.
final class DealStore {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String MAY_CREATE =
      """
      select exists (select 1 from sub_user where uin = ? and owner_uin = ?)
          or exists (select 1 from reseller_client where client_uin = ? and reseller_uin = ?) as may
      """;

  private static final String FOREIGN_RESOURCE =
      """
      select resource_id
        from resource
       where resource_id = any (?) and owner_uin <> ?
       order by resource_id
       limit 1
      """;

  private static final String EXISTING_BIG_DEAL =
      "select big_deal_id from big_deal where big_deal_id = any (?) order by big_deal_id limit 1";

  private static final String EXISTING_DEAL =
      "select deal_id from deal where deal_id = any (?) order by deal_id limit 1";

  /// In id order, as payments lock them.
  private static final String LOCK_PACKAGE =
      "select owner_uin, status from deal where package_id = ? order by deal_id for update";

  private static final String INSERT_BIG_DEAL =
      """
      insert into big_deal (big_deal_id, owner_uin, creator_uin, package_id, created_at)
      values (?, ?, ?, nullif(?, ''), ?)
      """;

  private static final String INSERT_DEAL =
      """
      insert into deal (deal_id, big_deal_id, owner_uin, creator_uin, big_deal_size, package_id, status, product_code,
                        sub_product_code, action, pay_mode, currency, price_micro, quantity, time_span, time_unit,
                        total_cost_micro, policy_ppm, payable, vouchers_allowed, project_id, product_info, formula,
                        ref_return_deals, zone_code, target_resources, created_at, pay_until, status_at)
      values (?, ?, ?, ?, ?, nullif(?, ''), 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?)
      """;

  /// A big deal that is being placed.
  record Order(
      BigDealId id,
      Uin owner,
      Uin creator,
      String packageId,
      Currency currency,
      Instant createdAt,
      Instant payUntil) {}

  /// One deal of it, with what was computed from it.
  record Line(DealId id, NewDeal deal, long listMicro, long payable) {}

  /// A deal of a package.
  record Part(Uin owner, DealStatus status) {}

  boolean mayCreate(Transaction tx, Uin creator, Uin owner) {
    return tx.query(
            MAY_CREATE,
            row -> row.bool("may"),
            creator.value(),
            owner.value(),
            owner.value(),
            creator.value())
        .getFirst();
  }

  Optional<String> foreignResource(Transaction tx, Uin owner, Collection<String> resources) {
    return resources.isEmpty()
        ? Optional.empty()
        : tx.queryOne(FOREIGN_RESOURCE, row -> row.text("resource_id"), resources, owner.value());
  }

  Optional<BigDealId> existingBigDeal(Transaction tx, Collection<String> ids) {
    return ids.isEmpty()
        ? Optional.empty()
        : tx.queryOne(EXISTING_BIG_DEAL, row -> new BigDealId(row.text("big_deal_id")), ids);
  }

  Optional<DealId> existingDeal(Transaction tx, Collection<String> ids) {
    return ids.isEmpty()
        ? Optional.empty()
        : tx.queryOne(EXISTING_DEAL, row -> new DealId(row.text("deal_id")), ids);
  }

  List<Part> lockPackage(Transaction tx, String packageId) {
    return tx.query(
        LOCK_PACKAGE,
        row -> new Part(new Uin(row.longAt("owner_uin")), DealStatus.of(row.intAt("status"))),
        packageId);
  }

  void insert(Transaction tx, Order order) {
    tx.update(
        INSERT_BIG_DEAL,
        order.id().value(),
        order.owner().value(),
        order.creator().value(),
        order.packageId(),
        order.createdAt());
  }

  void insert(Transaction tx, Order order, int size, Line line) {
    NewDeal deal = line.deal();
    tx.update(
        INSERT_DEAL,
        line.id().value(),
        order.id().value(),
        order.owner().value(),
        order.creator().value(),
        (short) size,
        order.packageId(),
        deal.product().code(),
        deal.product().subCode(),
        deal.action(),
        deal.payMode(),
        order.currency().name(),
        deal.unitMicro(),
        deal.quantity(),
        deal.timeSpan(),
        deal.timeUnit(),
        line.listMicro(),
        deal.policyPpm(),
        line.payable(),
        deal.vouchersAllowed(),
        deal.projectId(),
        info(deal),
        deal.formula(),
        deal.refReturnDeals(),
        deal.zoneCode(),
        deal.targets(),
        order.createdAt(),
        order.payUntil(),
        order.createdAt());
  }

  private static String info(NewDeal deal) {
    return JSON.writeValueAsString(
        deal.info().stream()
            .map(pair -> Map.of("Name", pair.name(), "Value", pair.value()))
            .toList());
  }
}
