package io.yunfu.billing.pay;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.billing.account.Certification;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.account.Owner;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.delivery.AtOnce;
import io.yunfu.billing.voucher.Deduction;
import io.yunfu.billing.voucher.Voucher;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.billing.voucher.VoucherStatus;
import io.yunfu.db.Pipeline;
import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Loads what a batch of payments decides on and writes what it decided. Most commands pay one deal
/// of their own, so that case takes one look at accounts, owners and deals; the rest is fetched
/// only when a command asks for it.
///
/// Lock order: accounts by uin, deals by id, vouchers by id.
final class PaymentStore {
  private static final String GROUPS =
      """
      select member_uin, payer_uin
        from group_member
       where member_uin = any (?) or payer_uin = any (?)
      """;

  private static final String RESELLERS =
      "select distinct reseller_uin from reseller_client where reseller_uin = any (?)";

  private static final String OWNERS =
      """
      select o.uin, o.name, o.edition, o.certification, o.active, g.payer_uin, r.reseller_uin
        from owner o
        left join group_member g on g.member_uin = o.uin
        left join reseller_client r on r.client_uin = o.uin
       where o.uin = any (?)
      """;

  private static final String DEAL_COLUMNS =
      """
      select deal_id, big_deal_id, big_deal_size, package_id, owner_uin, creator_uin, status, product_code,
             sub_product_code, action, pay_mode, currency, payable, price_micro, quantity, time_span,
             total_cost_micro, policy_ppm, vouchers_allowed, target_resources, pay_until,
             coalesce(p.resource_prefix, 'res') as resource_prefix, coalesce(p.provider, '') as provider
        from deal
        left join product p using (product_code, sub_product_code)
      """;

  private static final String LOCK_DEALS =
      DEAL_COLUMNS + " where deal_id = any (?) order by deal_id for update of deal";

  private static final String LOCK_BIG_DEALS =
      DEAL_COLUMNS + " where big_deal_id = any (?) order by deal_id for update of deal";

  /// Not locked: an unpaid deal that is paid or closed meanwhile never becomes unpaid again, so the
  /// worst is a refusal that was right a moment ago.
  private static final String SIBLINGS =
      """
      select deal_id, big_deal_id, package_id, status, pay_until
        from deal
       where big_deal_id = any (?) or package_id = any (?)
      """;

  private static final String VOUCHER_COLUMNS =
      """
      select voucher_id, owner_uin, status, currency, balance_micro, pay_mode, pay_scenes, applicable_products,
             excluded_products, minimum_spend, auto_use, begin_date, end_date
        from voucher
      """;

  /// A named voucher, and every spendable one of the accounts that want an automatic choice.
  private static final String LOCK_VOUCHERS =
      VOUCHER_COLUMNS
          + """
           where voucher_id = any (?)
              or (owner_uin = any (?) and status = 'unUsed' and auto_use)
           order by voucher_id
             for update
          """;

  private static final String TERMS =
      "select resource_id, agent_pay from resource where resource_id = any (?)";

  private static final String PAY_DEALS =
      """
      update deal d
         set status = p.status, payer_uin = p.payer, agent_pay = p.agent_pay, real_total_cost = p.real_total_cost,
             voucher_decline = p.voucher_decline, voucher_id = p.voucher_id, cps_uin = p.cps_uin,
             posting_id = p.posting_id, paid_at = p.paid_at, status_at = p.paid_at,
             resource_ids = coalesce(string_to_array(p.resources, ','), d.resource_ids)
        from unnest(?::text[], ?::smallint[], ?::bigint[], ?::smallint[], ?::bigint[], ?::bigint[], ?::text[],
                    ?::text[], ?::bigint[], ?::timestamptz[], ?::text[])
             as p (deal_id, status, payer, agent_pay, real_total_cost, voucher_decline, voucher_id, cps_uin,
                   posting_id, paid_at, resources)
       where d.deal_id = p.deal_id and d.status = 1
      """;

  private static final String QUEUE_DELIVERIES =
      """
      insert into delivery (deal_id, owner_uin, state, next_attempt_at, queued_at)
      select deal_id, owner_uin, 'queued', at, at
        from unnest(?::text[], ?::bigint[], ?::timestamptz[]) as d (deal_id, owner_uin, at)
      """;

  private static final String USE_VOUCHERS =
      """
      update voucher v
         set balance_micro = u.after, status = case when u.after = 0 then 'used' else v.status end
        from unnest(?::text[], ?::bigint[], ?::bigint[]) as u (voucher_id, before, after)
       where v.voucher_id = u.voucher_id and v.balance_micro = u.before and v.status = 'unUsed'
      """;

  private static final String RECORD_USAGE =
      """
      insert into voucher_usage (voucher_id, deal_id, owner_uin, amount_micro, used_at)
      select * from unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::timestamptz[])
      """;

  private static final String PAID_BY =
      """
      select deal_id, big_deal_id from deal where posting_id = ? and deal_id = any (?)
      """;

  private static final String PAID_BIG_DEALS_BY =
      """
      select deal_id, big_deal_id from deal where posting_id = ? and big_deal_id = any (?)
      """;

  private final Ledger ledger;

  PaymentStore(Ledger ledger) {
    this.ledger = ledger;
  }

  /// Locks and reads all rows that these commands decide on.
  PayState load(Transaction tx, List<PayCommand> commands) {
    var state = new PayState();
    var owners = new TreeSet<Uin>();
    commands.forEach(command -> owners.add(command.caller().owner()));
    loadRelations(tx, commands, state, owners);
    lock(tx, commands, owners, state);
    var others = new TreeSet<Uin>();
    state.deals().forEach(deal -> others.add(deal.owner()));
    others.removeAll(owners);
    if (!others.isEmpty()) {
      loadOwners(tx, others, state);
    }
    loadSiblings(tx, state);
    loadTerms(tx, state);
    lockVouchers(tx, commands, state);
    return state;
  }

  /// Writes everything that a batch has changed, set by set.
  ///
  /// @param atOnce what is delivered with its payment
  /// @return the resources of what is delivered now
  Map<DealId, List<String>> write(Transaction tx, List<PayChanges> all, AtOnce atOnce) {
    if (all.isEmpty()) {
      return Map.of();
    }
    Instant now = all.getLast().at();
    var pipeline = tx.pipeline();
    var posted = ledger.post(pipeline, all.stream().map(PayChanges::posting).toList());
    var paid = payDeals(pipeline, all, atOnce);
    var used = useVouchers(pipeline, all);
    atOnce.write(pipeline, now);
    pipeline.run();
    posted.check();
    paid.run();
    used.run();
    return atOnce.settle(tx, now);
  }

  /// What a command has paid already, by its posting: the answer to "did that commit arrive?".
  Optional<PayOutcome.Paid> paidBy(Transaction tx, PayCommand command) {
    return switch (command.target()) {
      case PayCommand.Target.Deals(var ids) -> {
        Map<DealId, BigDealId> found = new LinkedHashMap<>();
        String[] names = ids.stream().map(DealId::value).toArray(String[]::new);
        readPaid(tx, PAID_BY, command.postingId(), names).forEach(found::putAll);
        yield found.isEmpty() ? Optional.empty() : Optional.of(paid(ids, found));
      }
      case PayCommand.Target.BigDeals(var ids) -> {
        Map<DealId, BigDealId> found = new LinkedHashMap<>();
        String[] names = ids.stream().map(BigDealId::value).toArray(String[]::new);
        readPaid(tx, PAID_BIG_DEALS_BY, command.postingId(), names).forEach(found::putAll);
        var inOrder =
            ids.stream()
                .flatMap(id ->
                    found.keySet().stream().filter(deal -> id.equals(found.get(deal))).sorted())
                .toList();
        yield found.isEmpty() ? Optional.empty() : Optional.of(paid(inOrder, found));
      }
    };
  }

  private static List<Map<DealId, BigDealId>> readPaid(
      Transaction tx, String sql, long postingId, String[] names) {
    return tx.query(
        sql,
        row -> Map.of(new DealId(row.text("deal_id")), new BigDealId(row.text("big_deal_id"))),
        postingId,
        names);
  }

  private static PayOutcome.Paid paid(List<DealId> deals, Map<DealId, BigDealId> bigDeals) {
    return new PayOutcome.Paid(deals, deals.stream().map(bigDeals::get).distinct().toList());
  }

  /// For the commands that pay for others: who pays for whom, and whose accounts have to be locked
  /// besides the callers'.
  private static void loadRelations(
      Transaction tx, List<PayCommand> commands, PayState state, Set<Uin> toLock) {
    long[] inGroups =
        callers(commands.stream().filter(command -> command.mode() == AgentPay.GROUP));
    if (inGroups.length > 0) {
      tx.query(
              GROUPS,
              row -> List.of(new Uin(row.longAt("member_uin")), new Uin(row.longAt("payer_uin"))),
              inGroups,
              inGroups)
          .forEach(pair -> {
            state.addGroupPayer(pair.getLast());
            toLock.add(pair.getLast());
          });
    }
    long[] resellers = callers(commands.stream().filter(command -> command.mode().isByReseller()));
    if (resellers.length > 0) {
      tx.query(RESELLERS, row -> new Uin(row.longAt("reseller_uin")), (Object) resellers)
          .forEach(state::addReseller);
    }
  }

  private static long[] callers(Stream<PayCommand> commands) {
    return commands.mapToLong(command -> command.caller().owner().value()).distinct().toArray();
  }

  /// The round trip that every batch needs: accounts, then deals, both locked, and the owners
  /// between them.
  private void lock(Transaction tx, List<PayCommand> commands, Set<Uin> owners, PayState state) {
    var deals = new TreeSet<String>();
    var bigDeals = new TreeSet<String>();
    for (PayCommand command : commands) {
      switch (command.target()) {
        case PayCommand.Target.Deals(var ids) -> ids.forEach(id -> deals.add(id.value()));
        case PayCommand.Target.BigDeals(var ids) -> ids.forEach(id -> bigDeals.add(id.value()));
      }
    }
    var pipeline = tx.pipeline();
    var accounts = ledger.lock(pipeline, owners);
    var known = pipeline.query(OWNERS, Related::read, (Object) values(owners));
    var byId = pipeline.query(LOCK_DEALS, Sold::read, (Object) deals.toArray(String[]::new));
    List<Sold> whole = List.of();
    if (bigDeals.isEmpty()) {
      pipeline.run();
    } else {
      var byBigDeal =
          pipeline.query(LOCK_BIG_DEALS, Sold::read, (Object) bigDeals.toArray(String[]::new));
      pipeline.run();
      whole = byBigDeal.rows();
    }
    accounts.balances(tx).values().forEach(state::add);
    known.rows().forEach(related -> related.addTo(state));
    byId.rows().forEach(sold -> sold.addTo(state));
    whole.forEach(sold -> sold.addTo(state));
  }

  private static void loadOwners(Transaction tx, Collection<Uin> uins, PayState state) {
    tx.query(OWNERS, Related::read, (Object) values(uins)).forEach(related -> related.addTo(state));
  }

  private static long[] values(Collection<Uin> uins) {
    return uins.stream().mapToLong(Uin::value).toArray();
  }

  private static void loadSiblings(Transaction tx, PayState state) {
    var bigDeals = new TreeSet<String>();
    var packages = new TreeSet<String>();
    for (Deal deal : state.deals()) {
      if (deal.bigDealSize() > 1) {
        bigDeals.add(deal.bigDeal().value());
      }
      if (!deal.packageId().isEmpty()) {
        packages.add(deal.packageId());
      }
    }
    if (!bigDeals.isEmpty() || !packages.isEmpty()) {
      tx.query(
              SIBLINGS,
              PaymentStore::sibling,
              bigDeals.toArray(String[]::new),
              packages.toArray(String[]::new))
          .forEach(state::add);
    }
  }

  private static void loadTerms(Transaction tx, PayState state) {
    String[] targets =
        state.deals().stream()
            .filter(Deal::isDowngrade)
            .flatMap(deal -> deal.targets().stream())
            .distinct()
            .toArray(String[]::new);
    if (targets.length > 0) {
      tx.query(
          TERMS,
          row -> {
            state.addTerm(row.text("resource_id"), AgentPay.of(row.intAt("agent_pay")));
            return row;
          },
          (Object) targets);
    }
  }

  private static void lockVouchers(Transaction tx, List<PayCommand> commands, PayState state) {
    var named = new TreeSet<String>();
    var choosing = new TreeSet<Uin>();
    for (PayCommand command : commands) {
      if (command.voucher().isPresent()) {
        named.add(command.voucher().get().value());
      } else if (command.autoVoucher()) {
        voucherAccounts(command, state).forEach(choosing::add);
      }
    }
    if (!named.isEmpty() || !choosing.isEmpty()) {
      tx.query(
              LOCK_VOUCHERS,
              PaymentStore::voucher,
              named.toArray(String[]::new),
              choosing.stream().mapToLong(Uin::value).toArray())
          .forEach(state::add);
    }
  }

  /// Whose vouchers an automatic choice may look at: the group payer's, or the deals' owner's.
  private static Stream<Uin> voucherAccounts(PayCommand command, PayState state) {
    var owners =
        switch (command.target()) {
          case PayCommand.Target.Deals(var ids) ->
              ids.stream().flatMap(id -> state.deal(id).stream()).map(Deal::owner);
          case PayCommand.Target.BigDeals(var ids) ->
              ids.stream().flatMap(id -> state.dealsOf(id).stream()).map(Deal::owner);
        };
    return command.mode() == AgentPay.GROUP
        ? owners.flatMap(owner -> state.groupPayerOf(owner).stream())
        : owners;
  }

  private static Runnable payDeals(Pipeline pipeline, List<PayChanges> all, AtOnce atOnce) {
    int size = all.stream().mapToInt(changes -> changes.deals().size()).sum();
    var ids = new String[size];
    var statuses = new short[size];
    var resources = new @Nullable String[size];
    var payers = new long[size];
    var modes = new short[size];
    var costs = new long[size];
    var declines = new long[size];
    var vouchers = new @Nullable String[size];
    var referrers = new @Nullable String[size];
    var postings = new long[size];
    var times = new Instant[size];
    var waiting = new ArrayList<String>();
    var owners = new ArrayList<Long>();
    var since = new ArrayList<Instant>();
    int i = 0;
    for (PayChanges changes : all) {
      for (PayChanges.PaidDeal paid : changes.deals()) {
        ids[i] = paid.deal().value();
        if (atOnce.holds(paid.deal())) {
          statuses[i] = (short) DealStatus.DELIVERED.code();
          resources[i] = atOnce.joined(paid.deal());
        } else {
          statuses[i] = (short) DealStatus.PAID.code();
          waiting.add(paid.deal().value());
          owners.add(changes.owner().value());
          since.add(changes.at());
        }
        payers[i] = changes.payer().value();
        modes[i] = (short) changes.mode().code();
        costs[i] = paid.realTotalCost();
        declines[i] = paid.voucherDecline();
        vouchers[i] =
            changes
                .deduction()
                .filter(used -> paid.voucherDecline() > 0)
                .map(used -> used.voucher().id().value())
                .orElse(null);
        referrers[i] = changes.cpsUin().isEmpty() ? null : changes.cpsUin();
        postings[i] = changes.posting().id();
        times[i] = changes.at();
        i++;
      }
    }
    var paid =
        pipeline.update(
            PAY_DEALS, ids, statuses, payers, modes, costs, declines, vouchers, referrers, postings,
            times, resources);
    Pipeline.@Nullable Count queued =
        waiting.isEmpty()
            ? null
            : pipeline.update(
                QUEUE_DELIVERIES,
                waiting.toArray(String[]::new),
                owners.stream().mapToLong(Long::longValue).toArray(),
                since.toArray(Instant[]::new));
    return () -> {
      // Never pay twice quietly.
      ensure(paid.count() == size, "%d of %d deals were still unpaid", paid.count(), size);
      ensure(
          queued == null || queued.count() == waiting.size(),
          "%d deliveries were not all queued",
          waiting.size());
    };
  }

  /// Several commands of one batch may use the same voucher: it is written once, from its first
  /// balance to its last.
  private static Runnable useVouchers(Pipeline pipeline, List<PayChanges> all) {
    record Use(long before, long after) {}
    var uses = new LinkedHashMap<VoucherId, Use>();
    int records = 0;
    for (PayChanges changes : all) {
      if (changes.deduction().isPresent()) {
        Deduction used = changes.deduction().get();
        long before = used.voucher().balanceMicro();
        long after = used.voucher().after(used.cents()).balanceMicro();
        uses.merge(
            used.voucher().id(),
            new Use(before, after),
            (first, last) -> new Use(first.before, last.after));
        records += used.parts().size();
      }
    }
    if (uses.isEmpty()) {
      return () -> {};
    }
    var written =
        pipeline.update(
            USE_VOUCHERS,
            uses.keySet().stream().map(VoucherId::value).toArray(String[]::new),
            uses.values().stream().mapToLong(Use::before).toArray(),
            uses.values().stream().mapToLong(Use::after).toArray());
    int expected = uses.size();
    int usages = records;
    var recorded = recordUsage(pipeline, all, usages);
    return () -> {
      ensure(
          written.count() == expected,
          "%d of %d vouchers were as they were read",
          written.count(),
          expected);
      ensure(recorded.count() == usages, "%d of %d usages were recorded", recorded.count(), usages);
    };
  }

  private static Pipeline.Count recordUsage(Pipeline pipeline, List<PayChanges> all, int size) {
    var vouchers = new String[size];
    var deals = new String[size];
    var owners = new long[size];
    var amounts = new long[size];
    var times = new Instant[size];
    int i = 0;
    for (PayChanges changes : all) {
      if (changes.deduction().isPresent()) {
        Deduction used = changes.deduction().get();
        for (var part : used.parts().entrySet()) {
          vouchers[i] = used.voucher().id().value();
          deals[i] = part.getKey().value();
          owners[i] = used.voucher().owner().value();
          amounts[i] = Math.multiplyExact(part.getValue(), Voucher.MICRO_PER_CENT);
          times[i] = changes.at();
          i++;
        }
      }
    }
    return pipeline.update(RECORD_USAGE, vouchers, deals, owners, amounts, times);
  }

  /// An owner with those who pay for it.
  private record Related(Owner owner, Optional<Uin> groupPayer, Optional<Uin> reseller) {
    static Related read(Row row) {
      var owner =
          new Owner(
              new Uin(row.longAt("uin")),
              row.text("name"),
              Edition.parse(row.text("edition")),
              Certification.parse(row.text("certification")),
              row.bool("active"));
      return new Related(owner, uin(row, "payer_uin"), uin(row, "reseller_uin"));
    }

    void addTo(PayState state) {
      state.add(owner, groupPayer, reseller);
    }
  }

  private static Optional<Uin> uin(Row row, String column) {
    return Optional.ofNullable(row.longOrNull(column)).map(Uin::new);
  }

  /// A deal, and how its product is delivered.
  private record Sold(Deal deal, String resourcePrefix, String provider) {
    static Sold read(Row row) {
      return new Sold(PaymentStore.deal(row), row.text("resource_prefix"), row.text("provider"));
    }

    void addTo(PayState state) {
      state.add(deal);
      if (provider.isEmpty()) {
        state.addBuiltIn(deal.id(), resourcePrefix);
      }
    }
  }

  private static Deal deal(Row row) {
    var currency = Currency.valueOf(row.text("currency"));
    var packageId = row.textOrNull("package_id");
    return new Deal(
        new DealId(row.text("deal_id")),
        new BigDealId(row.text("big_deal_id")),
        row.intAt("big_deal_size"),
        packageId == null ? "" : packageId,
        new Uin(row.longAt("owner_uin")),
        new Uin(row.longAt("creator_uin")),
        DealStatus.of(row.intAt("status")),
        row.text("product_code"),
        row.text("sub_product_code"),
        row.text("action"),
        row.text("pay_mode"),
        Money.of(row.longAt("payable"), currency),
        new Deal.Price(
            row.longAt("price_micro"),
            row.intAt("quantity"),
            row.decimal("time_span"),
            row.longAt("total_cost_micro"),
            row.intAt("policy_ppm")),
        row.bool("vouchers_allowed"),
        row.texts("target_resources"),
        row.instant("pay_until"));
  }

  private static PayState.Sibling sibling(Row row) {
    var packageId = row.textOrNull("package_id");
    return new PayState.Sibling(
        new DealId(row.text("deal_id")),
        new BigDealId(row.text("big_deal_id")),
        packageId == null ? "" : packageId,
        DealStatus.of(row.intAt("status")),
        row.instant("pay_until"));
  }

  private static Voucher voucher(Row row) {
    return new Voucher(
        new VoucherId(row.text("voucher_id")),
        new Uin(row.longAt("owner_uin")),
        VoucherStatus.parse(row.text("status")),
        Currency.valueOf(row.text("currency")),
        row.longAt("balance_micro"),
        row.text("pay_mode"),
        Set.copyOf(row.texts("pay_scenes")),
        row.texts("applicable_products"),
        row.texts("excluded_products"),
        row.longAt("minimum_spend"),
        row.bool("auto_use"),
        row.date("begin_date"),
        row.date("end_date"));
  }
}
