package io.yunfu.billing.deal;

import io.yunfu.billing.product.Product;
import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Deals as the operator looks at them: table `deal`, read only.
final class PlacedDealStore {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<List<StoredPair>> PAIRS = new TypeReference<>() {};

  private static final String COLUMNS =
      """
      select deal_id, big_deal_id, big_deal_size, package_id, owner_uin, creator_uin, status, status_at, product_code,
             sub_product_code, action, pay_mode, currency, price_micro, quantity, time_span, time_unit,
             total_cost_micro, policy_ppm, payable, vouchers_allowed, project_id, product_info, formula,
             ref_return_deals, zone_code, target_resources, resource_ids, created_at, pay_until, payer_uin, agent_pay,
             real_total_cost, voucher_decline, voucher_id, cps_uin, posting_id, paid_at
        from deal
      """;

  private static final String FIND = COLUMNS + " where deal_id = ?";
  private static final String OF_BIG_DEAL = COLUMNS + " where big_deal_id = ? order by deal_id";

  private static final String FILTER =
      """
         and (?::smallint[] is null or status = any (?))
         and (?::text is null or big_deal_id = ?)
         and (?::text is null or package_id = ?)
         and (?::text is null or product_code = ?)
         and (?::text is null or (resource_ids @> array[?::text] or target_resources @> array[?::text]))
         and created_at >= ? and created_at < ?
      """;

  private static final String LIST_OF_OWNER =
      COLUMNS
          + " where owner_uin = ? and (created_at, deal_id) < (?, ?)"
          + FILTER
          + " order by created_at desc, deal_id desc limit ?";

  /// Without an owner the primary key gives the order; ids that are made here grow with time.
  private static final String LIST_OF_ALL =
      COLUMNS + " where deal_id < ?" + FILTER + " order by deal_id desc limit ?";

  Optional<PlacedDeal> find(Transaction tx, DealId id) {
    return tx.queryOne(FIND, PlacedDealStore::deal, id.value());
  }

  List<PlacedDeal> ofBigDeal(Transaction tx, BigDealId id) {
    return tx.query(OF_BIG_DEAL, PlacedDealStore::deal, id.value());
  }

  List<PlacedDeal> list(Transaction tx, Deals.Filter filter, Deals.Position before, int limit) {
    short[] statuses = null;
    if (!filter.statuses().isEmpty()) {
      statuses = new short[filter.statuses().size()];
      int i = 0;
      for (DealStatus status : filter.statuses()) {
        statuses[i++] = (short) status.code();
      }
    }
    String bigDeal = filter.bigDeal().map(BigDealId::value).orElse(null);
    String packageId = filter.packageId().orElse(null);
    String product = filter.productCode().orElse(null);
    String resource = filter.resource().orElse(null);
    if (filter.owner().isPresent()) {
      return tx.query(
          LIST_OF_OWNER,
          PlacedDealStore::deal,
          filter.owner().get().value(),
          before.createdAt(),
          before.id(),
          statuses,
          statuses,
          bigDeal,
          bigDeal,
          packageId,
          packageId,
          product,
          product,
          resource,
          resource,
          resource,
          filter.from(),
          filter.until(),
          limit);
    }
    return tx.query(
        LIST_OF_ALL,
        PlacedDealStore::deal,
        before.id(),
        statuses,
        statuses,
        bigDeal,
        bigDeal,
        packageId,
        packageId,
        product,
        product,
        resource,
        resource,
        resource,
        filter.from(),
        filter.until(),
        limit);
  }

  private static PlacedDeal deal(Row row) {
    var packageId = row.textOrNull("package_id");
    var pairs =
        JSON.readValue(row.text("product_info"), PAIRS).stream()
            .map(pair -> new NewDeal.Pair(pair.Name(), pair.Value()))
            .toList();
    return new PlacedDeal(
        new DealId(row.text("deal_id")),
        new BigDealId(row.text("big_deal_id")),
        row.intAt("big_deal_size"),
        packageId == null ? "" : packageId,
        new Uin(row.longAt("owner_uin")),
        new Uin(row.longAt("creator_uin")),
        DealStatus.of(row.intAt("status")),
        row.instant("status_at"),
        new Product.Key(row.text("product_code"), row.text("sub_product_code")),
        row.text("action"),
        row.text("pay_mode"),
        new Deal.Price(
            row.longAt("price_micro"),
            row.intAt("quantity"),
            row.decimal("time_span"),
            row.longAt("total_cost_micro"),
            row.intAt("policy_ppm")),
        row.text("time_unit"),
        Money.of(row.longAt("payable"), Currency.valueOf(row.text("currency"))),
        row.bool("vouchers_allowed"),
        row.longAt("project_id"),
        pairs,
        row.text("formula"),
        row.text("ref_return_deals"),
        row.text("zone_code"),
        row.texts("target_resources"),
        row.texts("resource_ids"),
        row.instant("created_at"),
        row.instant("pay_until"),
        payment(row));
  }

  private static Optional<PlacedDeal.Payment> payment(Row row) {
    var posting = row.longOrNull("posting_id");
    if (posting == null) {
      return Optional.empty();
    }
    var agentPay = row.intOrNull("agent_pay");
    return Optional.of(
        new PlacedDeal.Payment(
            new Uin(row.longAt("payer_uin")),
            agentPay == null ? 0 : agentPay,
            row.longAt("real_total_cost"),
            row.longAt("voucher_decline"),
            textOrEmpty(row, "voucher_id"),
            textOrEmpty(row, "cps_uin"),
            posting,
            row.instant("paid_at")));
  }

  private static String textOrEmpty(Row row, String column) {
    var text = row.textOrNull(column);
    return text == null ? "" : text;
  }

  /// As it stands in the column, in the wire's spelling.
  private record StoredPair(String Name, String Value) {}
}
