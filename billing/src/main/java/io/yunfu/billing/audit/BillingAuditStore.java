package io.yunfu.billing.audit;

import io.yunfu.db.Transaction;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.LedgerAuditStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The rules of billing, as questions whose answer must be empty; see [LedgerAuditStore].
public final class BillingAuditStore {
  private static final Map<String, String> RULES = new LinkedHashMap<>();

  static {
    RULES.put(
        "A paid deal was charged exactly its price, once",
        """
        select d.deal_id as subject,
               'price ' || d.payable || ', charged ' || coalesce(l.charged, 0) || ' in ' || coalesce(l.postings, 0)
                 || ' postings' as detail
          from deal d
          left join (select subject, sum(amount) as charged, count(distinct posting_id) as postings,
                            min(posting_id) as posting_id
                       from leg
                      where credit_uin = 0 and credit_pocket = 'revenue'
                      group by subject) l
            on l.subject = d.deal_id
         where d.posting_id is not null
           and (coalesce(l.charged, 0) <> d.payable or l.postings > 1 or l.posting_id <> d.posting_id)
        """);
    RULES.put(
        "Only paid deals were charged",
        """
        select l.subject, 'charged by posting ' || min(l.posting_id) || ', but not a paid deal' as detail
          from leg l
          left join deal d on d.deal_id = l.subject
         where l.credit_uin = 0 and l.credit_pocket = 'revenue' and l.subject <> '' -- '': a captured hold
           and d.posting_id is null
         group by l.subject
        """);
    RULES.put(
        "A paid deal was charged to its payer",
        """
        select distinct d.deal_id as subject, 'payer ' || d.payer_uin || ', debited ' || l.debit_uin as detail
          from deal d
          join leg l on l.posting_id = d.posting_id and l.subject = d.deal_id
         where l.debit_uin > 0 and l.debit_uin <> d.payer_uin
        """);
    RULES.put(
        "Every payment has its posting",
        """
        select d.deal_id as subject, 'there is no posting ' || d.posting_id as detail
          from deal d
          left join posting p using (posting_id)
         where d.posting_id is not null and (p.posting_id is null or p.kind <> 'deduct')
        """);
    RULES.put(
        "Deals of one big deal are paid together",
        """
        select big_deal_id as subject,
               count(*) filter (where posting_id is not null) || ' paid, ' || count(*) filter (where status = 1)
                 || ' unpaid' as detail
          from deal
         where big_deal_size > 1
         group by big_deal_id
        having count(*) filter (where posting_id is not null) > 0 and count(*) filter (where status = 1) > 0
        """);
    RULES.put(
        "A big deal holds as many deals as it says",
        """
        select big_deal_id as subject, min(big_deal_size) || ' said, ' || count(*) || ' there' as detail
          from deal
         group by big_deal_id
        having min(big_deal_size) <> count(*) or max(big_deal_size) <> count(*)
        """);
    RULES.put(
        "A deal, its big deal and its creator belong together",
        """
        select d.deal_id as subject, 'owner ' || d.owner_uin || ', the big deal is of ' || b.owner_uin as detail
          from deal d
          join big_deal b using (big_deal_id)
         where d.owner_uin <> b.owner_uin or d.package_id is distinct from b.package_id
        """);
    RULES.put(
        "What a voucher lost is what it paid",
        """
        select v.voucher_id as subject,
               'lost ' || (v.nominal_micro - v.balance_micro) || ' micro, paid ' || coalesce(u.paid, 0) as detail
          from voucher v
          left join (select voucher_id, sum(amount_micro) as paid from voucher_usage group by voucher_id) u
            using (voucher_id)
         where v.nominal_micro - v.balance_micro <> coalesce(u.paid, 0)
        """);
    RULES.put(
        "What vouchers paid for a deal is written on it",
        """
        select d.deal_id as subject,
               'says ' || coalesce(d.voucher_decline, 0) || ' cents, vouchers gave ' || coalesce(u.paid, 0) || ' micro'
                 as detail
          from deal d
          full join (select deal_id, sum(amount_micro) as paid from voucher_usage group by deal_id) u using (deal_id)
         where coalesce(d.voucher_decline, 0) * 1000000 <> coalesce(u.paid, 0)
        """);
    RULES.put(
        "What was paid is delivered, or waits where somebody sees it",
        """
        select coalesce(d.deal_id, q.deal_id) as subject,
               'status ' || coalesce(d.status::text, 'unknown') || ', delivery ' || coalesce(q.state, 'none') as detail
          from deal d
          full join delivery q using (deal_id)
         where case when d.deal_id is null then true
                    when d.status in (2, 3) then q.state is null or q.state = 'failed'
                    when d.status = 5 then q.state is distinct from 'failed'
                    else q.state is not null end
        """);
    RULES.put(
        "A resource has been made once, by a delivered deal of its owner",
        """
        select r.resource_id as subject,
               'deal ' || r.deal_id || ' is in status ' || coalesce(d.status::text, 'unknown') || ', made by ' || r.made_by
                 as detail
          from resource r
          left join deal d using (deal_id)
          left join deal m on m.deal_id = r.made_by
         where d.deal_id is null or d.owner_uin <> r.owner_uin or d.status not in (4, 6, 13, 30) or m.deal_id is null
        """);
    RULES.put(
        "What is not paid is looked at when its time is over",
        """
        select d.deal_id as subject, 'status ' || d.status || ', payable until ' || d.pay_until as detail
          from deal d
         where d.status in (1, 12) and not exists (select from deal_due u where u.deal_id = d.deal_id)
        """);
  }

  /// Every place of this cell that breaks a rule. To be run in a snapshot.
  public List<Finding> findings(Transaction snapshot) {
    return LedgerAuditStore.ask(snapshot, RULES);
  }
}
