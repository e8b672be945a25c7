package io.yunfu.billing.voucher;

import io.yunfu.billing.deal.DealId;
import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Page;
import io.yunfu.kernel.Uin;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Questions about what vouchers have paid: table `voucher_usage`, by `voucher_usage_by_owner` or
/// by its key.
final class VoucherUsageStore {
  private static final String OF_OWNER = " where u.owner_uin = ?";
  private static final String OF_VOUCHER = " and u.voucher_id = ?";

  private static final String TOTALS =
      "select count(*) as total, coalesce(sum(u.amount_micro), 0) as amount from voucher_usage u";

  /// Deals and names are joined to the page alone, after the rows were chosen.
  private static final String LIST =
      """
      select u.voucher_id, u.deal_id, u.amount_micro, u.used_at, d.pay_mode, d.action, d.product_code,
             d.sub_product_code, p.name_zh, p.name_en, p.sub_name_zh, p.sub_name_en
        from (select u.voucher_id, u.deal_id, u.amount_micro, u.used_at
                from voucher_usage u
      """;

  private static final String PAGE =
      """
               order by u.used_at desc, u.deal_id desc, u.voucher_id desc
               limit ? offset ?) u
        join deal d using (deal_id)
        left join product p using (product_code, sub_product_code)
       order by u.used_at desc, u.deal_id desc, u.voucher_id desc
      """;

  VoucherUsage.Found find(
      Transaction tx, Uin owner, Optional<VoucherId> voucher, Page.Request page) {
    String where = voucher.isPresent() ? OF_OWNER + OF_VOUCHER : OF_OWNER;
    var args = new ArrayList<Object>();
    args.add(owner.value());
    voucher.ifPresent(id -> args.add(id.value()));
    Totals totals = tx.query(TOTALS + where, Totals::read, args.toArray()).getFirst();
    if (page.offset() >= totals.count) {
      return new VoucherUsage.Found(List.of(), totals.count, totals.amount);
    }
    args.add(page.limit());
    args.add(page.offset());
    List<VoucherUsage> usages =
        tx.query(LIST + where + PAGE, VoucherUsageStore::usage, args.toArray());
    return new VoucherUsage.Found(usages, totals.count, totals.amount);
  }

  private record Totals(long count, BigDecimal amount) {
    static Totals read(Row row) {
      return new Totals(row.longAt("total"), row.decimal("amount"));
    }
  }

  private static VoucherUsage usage(Row row) {
    String code = row.text("product_code");
    String subCode = row.text("sub_product_code");
    return new VoucherUsage(
        new VoucherId(row.text("voucher_id")),
        new DealId(row.text("deal_id")),
        row.longAt("amount_micro"),
        row.instant("used_at"),
        row.text("pay_mode"),
        row.text("action"),
        new VoucherUsage.Product(
            code,
            subCode,
            or(row.textOrNull("name_zh"), code),
            or(row.textOrNull("name_en"), code),
            or(row.textOrNull("sub_name_zh"), subCode),
            or(row.textOrNull("sub_name_en"), subCode)));
  }

  private static String or(@Nullable String name, String code) {
    return name == null ? code : name;
  }
}
