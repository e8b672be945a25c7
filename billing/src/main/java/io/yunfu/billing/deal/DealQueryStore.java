package io.yunfu.billing.deal;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Page;
import io.yunfu.kernel.Uin;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Questions about deals at rest: table `deal`, joined with `product`.
///
/// Each statement is put together from the constants here, so that the planner sees only conditions
/// that are asked: with `(? is null or …)` in their place it would have to plan for all of them. An
/// id leads to its row at once; anything else walks `deal_by_owner`, so the cost grows with the
/// deals of one owner in the time asked for, and not with the table.
final class DealQueryStore {
  private static final String WHERE =
      """
      where d.owner_uin = ? and d.created_at >= ? and d.created_at < ? and d.status = any (?)
      """;
  private static final String OF_ID = " and d.deal_id = ?";
  private static final String OF_BIG_DEAL = " and d.big_deal_id = ?";

  /// Those that made it, took it over, or were about it. The comparison with the empty array
  /// repeats what the partial index leaves out.
  private static final String OF_RESOURCE =
      """
       and (d.deal_id = any (array(select made_by from resource where resource_id = ?
                                   union all
                                   select deal_id from resource_deal where resource_id = ?))
            or (d.target_resources @> ? and d.target_resources <> '{}'))
      """;

  /// The number of all comes with each row of the page, and with an empty row where the page is
  /// empty: one statement, so that both are of one moment and take one round trip. Names are joined
  /// to the page alone, after the rows were chosen.
  private static final String COUNT =
      """
      select c.total, d.*, p.goods_category, p.name_zh, p.name_en, p.sub_name_zh, p.sub_name_en
        from (select count(*) as total from deal d
      """;

  private static final String LIST =
      """
             ) c
        left join (select d.deal_id, d.big_deal_id, d.status, d.payer_uin, d.creator_uin, d.created_at, d.payable,
                          d.real_total_cost, d.voucher_decline, d.project_id, d.product_code, d.sub_product_code,
                          d.product_info::text as product_info, d.time_span, d.time_unit, d.currency, d.policy_ppm,
                          d.price_micro, d.total_cost_micro, d.formula, d.ref_return_deals, d.pay_mode, d.action,
                          d.resource_ids, d.target_resources, d.zone_code
                     from deal d
      """;

  private static final String PAGE =
      """
                    order by d.created_at desc, d.deal_id desc
                    limit ? offset ?) d on true
        left join product p using (product_code, sub_product_code)
       order by d.created_at desc, d.deal_id desc
      """;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  Page<ListedDeal> find(Transaction tx, DealQuery query) {
    var question = new Question(query);
    var deals = new ArrayList<ListedDeal>();
    List<Long> totals =
        tx.query(
            question.sql(),
            row -> {
              if (!row.isNull("deal_id")) {
                deals.add(listed(row));
              }
              return row.longAt("total");
            },
            question.args());
    return new Page<>(deals, totals.getFirst());
  }

  /// The conditions that are given, in one fixed order, with their arguments.
  static final class Question {
    private final StringBuilder where = new StringBuilder(WHERE);
    private final List<Object> args = new ArrayList<>();
    private final Page.Request page;

    Question(DealQuery query) {
      page = query.page();
      args.add(query.owner().value());
      args.add(query.from());
      args.add(query.until());
      args.add(query.statuses().stream().mapToInt(DealStatus::code).sorted().toArray());
      query.deal().ifPresent(id -> and(OF_ID, id.value()));
      query.bigDeal().ifPresent(id -> and(OF_BIG_DEAL, id.value()));
      query.resource().ifPresent(id -> and(OF_RESOURCE, id, id, new String[] {id}));
    }

    private void and(String condition, Object... values) {
      where.append(condition);
      args.addAll(List.of(values));
    }

    String sql() {
      return COUNT + where + LIST + where + PAGE;
    }

    Object[] args() {
      var all = new ArrayList<>(args);
      all.addAll(args);
      all.add(page.limit());
      all.add(page.offset());
      return all.toArray();
    }
  }

  private static ListedDeal listed(Row row) {
    Long paid = row.longOrNull("real_total_cost");
    Long declined = row.longOrNull("voucher_decline");
    return new ListedDeal(
        new DealId(row.text("deal_id")),
        new BigDealId(row.text("big_deal_id")),
        DealStatus.of(row.intAt("status")),
        Optional.ofNullable(row.longOrNull("payer_uin")).map(Uin::new),
        new Uin(row.longAt("creator_uin")),
        row.instant("created_at"),
        paid == null ? row.longAt("payable") : paid,
        declined == null ? 0 : declined,
        row.longAt("project_id"),
        product(row),
        traits(row.text("product_info")),
        row.decimal("time_span"),
        row.text("time_unit"),
        Currency.valueOf(row.text("currency")),
        row.intAt("policy_ppm"),
        row.longAt("price_micro"),
        row.longAt("total_cost_micro"),
        row.text("formula"),
        row.text("ref_return_deals"),
        row.text("pay_mode"),
        row.text("action"),
        resources(row),
        row.text("zone_code"));
  }

  private static ListedDeal.Product product(Row row) {
    String code = row.text("product_code");
    String subCode = row.text("sub_product_code");
    Long category = row.longOrNull("goods_category");
    return new ListedDeal.Product(
        code,
        subCode,
        category == null ? 0 : category,
        or(row.textOrNull("name_zh"), code),
        or(row.textOrNull("name_en"), code),
        or(row.textOrNull("sub_name_zh"), subCode),
        or(row.textOrNull("sub_name_en"), subCode));
  }

  private static String or(@Nullable String name, String code) {
    return name == null ? code : name;
  }

  /// What it is about comes first, and what it has produced beside that.
  private static List<String> resources(Row row) {
    var resources = new LinkedHashSet<>(row.texts("target_resources"));
    resources.addAll(row.texts("resource_ids"));
    return List.copyOf(resources);
  }

  private static List<ListedDeal.Trait> traits(String json) {
    var pairs = new ArrayList<ListedDeal.Trait>();
    for (JsonNode pair : JSON.readTree(json)) {
      pairs.add(new ListedDeal.Trait(pair.get("Name").asString(), pair.get("Value").asString()));
    }
    return pairs;
  }
}
