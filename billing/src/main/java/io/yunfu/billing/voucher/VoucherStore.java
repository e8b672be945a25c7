package io.yunfu.billing.voucher;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Vouchers at rest: tables `voucher` and `voucher_usage`. How they are spent is the payment
/// store's.
final class VoucherStore {
  private static final String COLUMNS =
      """
      select voucher_id, owner_uin, status, currency, nominal_micro, balance_micro, pay_mode, pay_scenes,
             applicable_products, excluded_products, minimum_spend, auto_use, begin_date, end_date, main_type, sub_type,
             name, code_id, activity_id, policy_remark, created_at
        from voucher
      """;

  private static final String FIND = COLUMNS + " where voucher_id = ?";
  private static final String LOCK = FIND + " for update";

  private static final String FILTER =
      """
         and (?::text is null or status = ?)
         and (?::text is null or code_id = ?)
         and (?::text is null or activity_id = ?)
         and (?::text is null or strpos(lower(name), lower(?)) > 0)
         and (?::date is null or end_date >= ?)
         and (?::date is null or end_date <= ?)
      """;

  private static final String LIST_OF_OWNER =
      COLUMNS
          + " where owner_uin = ? and (created_at, voucher_id) < (?, ?)"
          + FILTER
          + " order by created_at desc, voucher_id desc limit ?";

  /// Without an owner the primary key gives the order; ids that are made here grow with time.
  private static final String LIST_OF_ALL =
      COLUMNS + " where voucher_id < ?" + FILTER + " order by voucher_id desc limit ?";

  private static final String USAGES =
      """
      select voucher_id, deal_id, amount_micro, used_at
        from voucher_usage
       where voucher_id = ? and (used_at, deal_id) > (?, ?)
       order by used_at, deal_id
       limit ?
      """;

  private static final String EXISTING =
      "select voucher_id from voucher where voucher_id = any (?) order by voucher_id limit 1";

  private static final String INSERT =
      """
      insert into voucher (voucher_id, owner_uin, status, currency, nominal_micro, balance_micro, pay_mode, pay_scenes,
                           applicable_products, excluded_products, minimum_spend, auto_use, begin_date, end_date,
                           main_type, sub_type, name, code_id, activity_id, policy_remark, created_at)
      select id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from unnest(?::text[]) as id
      """;

  private static final String MOVE =
      "update voucher set status = ? where voucher_id = ? and status = ?";

  private static final String EXPIRE =
      """
      update voucher
         set status = 'overdue'
       where voucher_id in (
             select voucher_id
               from voucher
              where status in ('delivered', 'unUsed') and end_date < ?
              order by end_date
              limit ?
                for update skip locked)
      """;

  Optional<IssuedVoucher> find(Transaction tx, VoucherId id) {
    return tx.queryOne(FIND, VoucherStore::voucher, id.value());
  }

  Optional<IssuedVoucher> lock(Transaction tx, VoucherId id) {
    return tx.queryOne(LOCK, VoucherStore::voucher, id.value());
  }

  List<IssuedVoucher> list(
      Transaction tx, Vouchers.Filter filter, Vouchers.Position before, int limit) {
    String status = filter.status().map(VoucherStatus::code).orElse(null);
    String codeId = filter.codeId().orElse(null);
    String activityId = filter.activityId().orElse(null);
    String name = filter.name().orElse(null);
    LocalDate from = filter.endsFrom().orElse(null);
    LocalDate until = filter.endsUntil().orElse(null);
    if (filter.owner().isPresent()) {
      return tx.query(
          LIST_OF_OWNER,
          VoucherStore::voucher,
          filter.owner().get().value(),
          before.createdAt(),
          before.id(),
          status,
          status,
          codeId,
          codeId,
          activityId,
          activityId,
          name,
          name,
          from,
          from,
          until,
          until,
          limit);
    }
    return tx.query(
        LIST_OF_ALL,
        VoucherStore::voucher,
        before.id(),
        status,
        status,
        codeId,
        codeId,
        activityId,
        activityId,
        name,
        name,
        from,
        from,
        until,
        until,
        limit);
  }

  List<IssuedVoucher.Usage> usages(
      Transaction tx, VoucherId id, IssuedVoucher.Usage.Position after, int limit) {
    return tx.query(
        USAGES,
        row ->
            new IssuedVoucher.Usage(
                new VoucherId(row.text("voucher_id")),
                row.text("deal_id"),
                row.longAt("amount_micro"),
                row.instant("used_at")),
        id.value(),
        after.usedAt(),
        after.dealId(),
        limit);
  }

  Optional<VoucherId> existing(Transaction tx, Collection<String> ids) {
    return tx.queryOne(EXISTING, row -> new VoucherId(row.text("voucher_id")), ids);
  }

  void insert(Transaction tx, Collection<VoucherId> ids, Uin owner, NewVoucher issue, Instant at) {
    int inserted =
        tx.update(
            INSERT,
            owner.value(),
            (issue.claimed() ? VoucherStatus.UNUSED : VoucherStatus.DELIVERED).code(),
            issue.currency().name(),
            issue.nominalMicro(),
            issue.nominalMicro(),
            issue.payMode(),
            issue.payScenes(),
            issue.applicableProducts(),
            issue.excludedProducts(),
            issue.minimumSpend(),
            issue.autoUse(),
            issue.begins(),
            issue.ends(),
            issue.mainType(),
            issue.subType(),
            issue.name(),
            issue.codeId(),
            issue.activityId(),
            issue.policyRemark(),
            at,
            ids.stream().map(VoucherId::value).toArray(String[]::new));
    ensure(inserted == ids.size(), "%d of %d vouchers were issued", inserted, ids.size());
  }

  void move(Transaction tx, VoucherId id, VoucherStatus from, VoucherStatus to) {
    int moved = tx.update(MOVE, to.code(), id.value(), from.code());
    ensure(moved == 1, "voucher %s is no longer %s", id, from);
  }

  int expire(Transaction tx, LocalDate today, int limit) {
    return tx.update(EXPIRE, today, limit);
  }

  private static IssuedVoucher voucher(Row row) {
    var status = VoucherStatus.parse(row.text("status"));
    var issue =
        new NewVoucher(
            Currency.valueOf(row.text("currency")),
            row.longAt("nominal_micro"),
            status != VoucherStatus.DELIVERED,
            row.text("pay_mode"),
            row.texts("pay_scenes"),
            row.texts("applicable_products"),
            row.texts("excluded_products"),
            row.longAt("minimum_spend"),
            row.bool("auto_use"),
            row.date("begin_date"),
            row.date("end_date"),
            row.text("main_type"),
            row.text("sub_type"),
            row.text("name"),
            row.text("code_id"),
            row.text("activity_id"),
            row.text("policy_remark"));
    return new IssuedVoucher(
        new VoucherId(row.text("voucher_id")),
        new Uin(row.longAt("owner_uin")),
        status,
        row.longAt("balance_micro"),
        issue,
        row.instant("created_at"));
  }
}
