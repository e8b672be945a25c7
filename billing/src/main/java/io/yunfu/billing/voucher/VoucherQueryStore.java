package io.yunfu.billing.voucher;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Questions about vouchers at rest: tables `voucher` and `product`. Every question walks the
/// vouchers of one owner (`voucher_by_owner`), which are few.
final class VoucherQueryStore {
  /// A voucher past its last day is overdue from that midnight on, whenever the timer comes by.
  private static final String STATUS =
      "case when v.status in ('delivered', 'unUsed') and v.end_date < ? then 'overdue' else v.status end";

  private static final String TOTALS =
      "select count(*) as total, coalesce(sum(v.balance_micro), 0) as balance from voucher v";

  private static final String LIST =
      """
      select v.voucher_id, v.owner_uin, %s as status, v.nominal_micro, v.balance_micro, v.pay_mode, v.pay_scenes,
             v.begin_date, v.end_date, v.applicable_products, v.excluded_products, v.policy_remark, v.created_at
        from voucher v
      """
          .formatted(STATUS);

  private static final String OF_PRODUCT =
      """
      (v.applicable_products && ? or exists (select from unnest(v.applicable_products) as p where starts_with(p, ?)))
       and not v.excluded_products && ?
      """;

  private static final String NAMES =
      """
      select product_code, sub_product_code, name_zh, name_en, sub_name_zh, sub_name_en
        from product
       where product_code = any (?)
       order by product_code, sub_product_code
      """;

  ListedVoucher.Found find(Transaction tx, VoucherQuery query) {
    var where = new Where(query);
    Totals totals = tx.query(TOTALS + where.sql, Totals::read, where.args.toArray()).getFirst();
    if (query.page().offset() >= totals.count) {
      return new ListedVoucher.Found(List.of(), totals.count, totals.balance);
    }
    var args = new ArrayList<Object>();
    args.add(query.today()); // of STATUS in the list of columns
    args.addAll(where.args);
    args.add(query.page().limit());
    args.add(query.page().offset());
    String sql = LIST + where.sql + orderBy(query.order()) + " limit ? offset ?";
    List<Listed> rows = tx.query(sql, Listed::read, args.toArray());
    Names names = names(tx, rows);
    return new ListedVoucher.Found(
        rows.stream().map(row -> row.named(names)).toList(), totals.count, totals.balance);
  }

  private static String orderBy(VoucherQuery.Order order) {
    String column =
        switch (order.field()) {
          case BEGIN -> "v.begin_date";
          case END -> "v.end_date";
          case ISSUED -> "v.created_at";
        };
    String direction = order.descending() ? " desc" : " asc";
    return " order by " + column + direction + ", v.voucher_id" + direction;
  }

  /// The conditions that are given, in one fixed order, with their arguments.
  private static final class Where {
    final StringBuilder sql = new StringBuilder(" where v.owner_uin = ?");
    final List<Object> args = new ArrayList<>();

    Where(VoucherQuery query) {
      args.add(query.owner().value());
      query
          .status()
          .ifPresent(status -> {
            and(STATUS + " = ?", query.today(), status.code());
          });
      equal("v.voucher_id", query.voucher().map(VoucherId::value));
      equal("v.code_id", query.codeId());
      equal("v.activity_id", query.activityId());
      equal("v.name", query.name());
      equal("v.main_type", query.mainType());
      equal("v.sub_type", query.subType());
      query
          .payMode()
          .ifPresent(mode -> and("v.pay_mode = any (?)", (Object) new String[] {mode, "", "*"}));
      query
          .payScene()
          .ifPresent(scene -> and("v.pay_scenes && ?", (Object) new String[] {scene, "*"}));
      query
          .product()
          .ifPresent(code -> {
            String[] codes = {code, "*"};
            and(OF_PRODUCT, codes, code + "/", codes);
          });
      range("v.created_at", query.issued());
      range("v.begin_date", query.begins());
      range("v.end_date", query.ends());
    }

    private void equal(String column, Optional<String> value) {
      value.ifPresent(text -> and(column + " = ?", text));
    }

    private void range(String column, VoucherQuery.Range<?> range) {
      range.from().ifPresent(from -> and(column + " >= ?", from));
      range.until().ifPresent(until -> and(column + " < ?", until));
    }

    private void and(String condition, Object... values) {
      sql.append(" and ").append(condition);
      args.addAll(List.of(values));
    }
  }

  private record Totals(long count, BigDecimal balance) {
    static Totals read(Row row) {
      return new Totals(row.longAt("total"), row.decimal("balance"));
    }
  }

  /// Names by code: `p_cvm` is a product, `p_cvm/sp_cvm` a sub-product.
  private record Names(Map<String, ListedVoucher.Product> byCode) {
    List<ListedVoucher.Product> of(List<String> codes) {
      return codes.stream()
          .map(code -> byCode.getOrDefault(code, new ListedVoucher.Product(code, code, code)))
          .toList();
    }
  }

  private static Names names(Transaction tx, List<Listed> rows) {
    String[] codes =
        rows.stream()
            .flatMap(row -> Stream.concat(row.applicable.stream(), row.excluded.stream()))
            .map(code -> code.contains("/") ? code.substring(0, code.indexOf('/')) : code)
            .filter(code -> !code.equals(Voucher.ALL))
            .distinct()
            .sorted()
            .toArray(String[]::new);
    var byCode = new HashMap<String, ListedVoucher.Product>();
    if (codes.length > 0) {
      tx.query(NAMES, VoucherQueryStore::products, (Object) codes)
          .forEach(found -> found.forEach(name -> byCode.putIfAbsent(name.code(), name)));
    }
    return new Names(byCode);
  }

  private static List<ListedVoucher.Product> products(Row row) {
    String code = row.text("product_code");
    return List.of(
        new ListedVoucher.Product(code, row.text("name_zh"), row.text("name_en")),
        new ListedVoucher.Product(
            code + "/" + row.text("sub_product_code"),
            row.text("sub_name_zh"),
            row.text("sub_name_en")));
  }

  /// A row before its products have names.
  private record Listed(ListedVoucher voucher, List<String> applicable, List<String> excluded) {
    static Listed read(Row row) {
      var voucher =
          new ListedVoucher(
              new VoucherId(row.text("voucher_id")),
              new Uin(row.longAt("owner_uin")),
              VoucherStatus.parse(row.text("status")),
              row.longAt("nominal_micro"),
              row.longAt("balance_micro"),
              row.text("pay_mode"),
              row.texts("pay_scenes"),
              row.date("begin_date"),
              row.date("end_date"),
              List.of(),
              List.of(),
              row.text("policy_remark"),
              row.instant("created_at"));
      return new Listed(voucher, row.texts("applicable_products"), row.texts("excluded_products"));
    }

    ListedVoucher named(Names names) {
      return voucher.of(names.of(applicable), names.of(excluded));
    }
  }
}
