package io.yunfu.gateway.audit;

import io.yunfu.db.Transaction;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.LedgerAuditStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The rules of the gateway, as questions whose answer must be empty; see [LedgerAuditStore].
///
/// A refund with a transaction of its own is one of a second payment, which is no part of its
/// order: it does not count against the order.
public final class GatewayAuditStore {
  private static final Map<String, String> RULES = new LinkedHashMap<>();

  static {
    postings();
    sums();
    states();
    notices();
  }

  private static void postings() {
    RULES.put(
        "A paid order has its posting",
        """
        select p.out_trade_no as subject,
               'posting ' || p.posting_id || ' is a ' || g.kind || ' of ' || g.memo as detail
          from payment p
          join posting g using (posting_id)
         where g.kind <> case when p.top_up_uin is null then 'collect' else 'recharge' end or g.memo <> p.out_trade_no
        """);
    RULES.put(
        "A paid sale was collected for its merchant, once, less the channel's fee",
        """
        select p.out_trade_no as subject,
               'settled ' || p.settlement || ' at ' || p.fee_ppm || ' ppm, collected ' || l.collected || ', fee ' || l.fee
                 || ', legs ' || l.legs as detail
          from payment p
         cross join lateral (
               select coalesce(sum(amount) filter (where debit_uin = 0 and credit_uin = -p.merchant
                        and debit_pocket = case p.platform when 1 then 'wechat' else 'alipay' end), 0) as collected,
                      coalesce(sum(amount) filter (where credit_uin = 0 and debit_uin = -p.merchant
                        and credit_pocket = case p.platform when 1 then 'wechat' else 'alipay' end), 0) as fee,
                      count(*) as legs,
                      count(*) filter (where subject = 'payment/' || p.out_trade_no and currency = p.currency) as named
                 from leg where leg.posting_id = p.posting_id) l
         where p.posting_id is not null and p.top_up_uin is null
           and (l.collected <> p.settlement or l.fee <> (p.settlement * p.fee_ppm + 500000) / 1000000
                or l.legs <> (p.settlement > 0)::int + (l.fee > 0)::int or l.named <> l.legs)
        """);
    RULES.put(
        "A paid top-up credited its owner, once, and the house bore the channel's fee",
        """
        select p.out_trade_no as subject,
               'total ' || p.total || ', settled ' || p.settlement || ', credited to ' || p.top_up_uin || ': '
                 || l.credited || ' and ' || l.given || ', fee ' || l.fee || ', in all ' || l.moved as detail
          from payment p
         cross join lateral (select case p.platform when 1 then 'wechat' else 'alipay' end as channel) o
         cross join lateral (
               select coalesce(sum(amount) filter (where debit_uin = 0 and credit_uin = p.top_up_uin
                        and debit_pocket = o.channel), 0) as credited,
                      coalesce(sum(amount) filter (where debit_uin = 0 and credit_uin = p.top_up_uin
                        and debit_pocket = 'gift'), 0) as given,
                      coalesce(sum(amount) filter (where debit_uin = 0 and debit_pocket = 'fees' and credit_uin = 0
                        and credit_pocket = o.channel), 0) as fee,
                      coalesce(sum(amount), 0) as moved,
                      count(*) as legs,
                      count(*) filter (where subject = 'payment/' || p.out_trade_no and currency = p.currency) as named
                 from leg where leg.posting_id = p.posting_id) l
         where p.posting_id is not null and p.top_up_uin is not null
           and (l.credited <> p.settlement or l.given <> p.total - p.settlement
                or l.fee <> (p.settlement * p.fee_ppm + 500000) / 1000000 or l.moved <> p.total + l.fee
                or l.named <> l.legs)
        """);
    RULES.put(
        "A refund that has arrived has its posting",
        """
        select r.out_refund_no as subject,
               'posting ' || r.posting_id || ' is a ' || g.kind || ' of ' || g.memo as detail
          from payment_refund r
          join posting g using (posting_id)
         where g.kind <> 'refund' or g.memo <> r.out_refund_no
        """);
    RULES.put(
        "A refund that has arrived went from the merchant to the channel, once, and its part of the fee came back",
        """
        select r.out_refund_no as subject,
               'refund ' || r.amount || ', settled ' || r.settlement || ', fee back ' || r.fee_back || '; went ' || l.went
                 || ', came back ' || l.came || ', legs ' || l.legs as detail
          from payment_refund r
          join payment p using (payment_id)
         cross join lateral (
               select case when r.transaction_id is null and p.top_up_uin is null then -p.merchant else 0 end as uin,
                      case when r.transaction_id is null and p.top_up_uin is null then 'payable' else 'adjustment' end
                        as pocket,
                      case when r.transaction_id is not null then 'adjustment' when p.top_up_uin is null then 'payable'
                        else 'fees' end as fee_pocket,
                      case p.platform when 1 then 'wechat' else 'alipay' end as channel) o
         cross join lateral (
               select coalesce(sum(amount) filter (where debit_uin = o.uin and debit_pocket = o.pocket
                        and credit_uin = 0 and credit_pocket = o.channel), 0) as went,
                      coalesce(sum(amount) filter (where credit_uin = o.uin and credit_pocket = o.fee_pocket
                        and debit_uin = 0 and debit_pocket = o.channel), 0) as came,
                      count(*) as legs,
                      count(*) filter (where subject = 'payment/' || p.out_trade_no and currency = p.currency) as named
                 from leg where leg.posting_id = r.posting_id) l
         where r.posting_id is not null
           and (l.went <> r.settlement or l.came <> case when r.transaction_id is null then r.fee_back else r.settlement
                   end
                or l.legs <> (l.went > 0)::int + (l.came > 0)::int or l.named <> l.legs)
        """);
    RULES.put(
        "No posting in a channel's name without its order or refund",
        """
        select g.posting_id::text as subject, g.kind || ' of ' || g.memo || ' by ' || g.actor as detail
          from posting g
         where (g.kind in ('collect', 'refund') or g.actor like 'channel:%')
           and not exists (select 1 from payment p where p.posting_id = g.posting_id)
           and not exists (select 1 from payment_refund r where r.posting_id = g.posting_id)
        """);
  }

  private static void sums() {
    RULES.put(
        "What an order says of its refunds is what they come to",
        """
        select p.out_trade_no as subject,
               'says ' || p.refunded || ' (settled ' || p.settlement_refunded || ') of ' || p.reserved || ', they come to '
                 || r.arrived || ' (settled ' || r.settled || ') of ' || r.reserved || ', paid '
                 || case when p.paid_at is null then 0 else p.total end as detail
          from payment p
         cross join lateral (
               select coalesce(sum(amount) filter (where state = 'success'), 0) as arrived,
                      coalesce(sum(settlement), 0) as settled,
                      coalesce(sum(amount) filter (where state not in ('failed', 'refused')), 0) as reserved
                 from payment_refund where payment_id = p.payment_id and transaction_id is null) r
         where p.refunded <> r.arrived or p.settlement_refunded <> r.settled or p.reserved <> r.reserved
            or (r.reserved > 0 and p.paid_at is null)
        """);
    RULES.put(
        "The channel keeps its rate of what is left of a payment",
        """
        select p.out_trade_no as subject,
               'left ' || (o.settlement - p.settlement_refunded) || ' at ' || p.fee_ppm || ' ppm, fee ' || p.fee
                 || ', came back ' || r.came as detail
          from payment p
         cross join lateral (select coalesce(p.settlement, 0) as settlement) o
         cross join lateral (
               select coalesce(sum(fee_back), 0) as came from payment_refund where payment_id = p.payment_id) r
         where p.fee <> ((o.settlement - p.settlement_refunded) * p.fee_ppm + 500000) / 1000000
            or p.fee + r.came <> (o.settlement * p.fee_ppm + 500000) / 1000000
        """);
    RULES.put(
        "What a channel owes for a payment, and takes back for a refund, is what it said",
        """
        select p.out_trade_no as subject,
               'settled ' || p.settlement || ', the channel said ' || (p.payment #>> '{settlement,cents}') as detail
          from payment p
         where p.settlement <> (p.payment #>> '{settlement,cents}')::bigint
        union all
        select r.out_refund_no,
               'settled ' || r.settlement || ', the channel said ' || (r.report #>> '{settlement,cents}')
          from payment_refund r
         where r.transaction_id is null and r.settlement <> (r.report #>> '{settlement,cents}')::bigint
        """);
    RULES.put(
        "One transaction of a channel paid one order",
        """
        select transaction_id as subject, count(*) || ' orders, the last is ' || max(out_trade_no) as detail
          from payment
         where paid_at is not null and transaction_id is not null
         group by platform, transaction_id
        having count(*) > 1
        """);
  }

  private static void states() {
    RULES.put(
        "An order's state agrees with what is known of it",
        """
        select p.out_trade_no as subject, 'is ' || p.state || ', and ' || w.what as detail
          from payment p
         cross join lateral (values
               ('the channel named no payment', p.paid_at is not null and (p.payment is null or p.transaction_id is null)),
               ('there is a payment', p.paid_at is null and p.payment->>'reversed' is null and p.payment is not null),
               ('the channel has not taken it', p.state = 'waiting' and p.prepaid is null),
               ('has no time', p.state in ('closed', 'void') and p.closed_at is null),
               ('was closed', p.state in ('stored', 'sent', 'waiting') and p.closed_at is not null),
               ('it expired before it was made', p.expires_at <= p.created_at),
               ('a close is due', p.state <> 'closed' and p.close_due_at is not null),
               ('not all has gone back', p.platform = 2 and p.state = 'refunded' and p.refunded < p.total),
               ('all has gone back', p.state <> 'refunded' and p.refunded = p.total),
               ('nothing goes back', p.platform = 1 and p.state = 'refunded' and not exists (
                  select 1 from payment_refund r
                   where r.payment_id = p.payment_id and r.transaction_id is null and r.state <> 'stored')),
               ('something went back', p.platform = 1 and p.state in ('paid', 'finished') and p.refunded > 0)
               ) as w (what, wrong)
         where w.wrong
        """);
    RULES.put(
        "A refund's state agrees with what is known of it",
        """
        select r.out_refund_no as subject, 'is ' || r.state || ', and ' || w.what as detail
          from payment_refund r
         cross join lateral (values
               ('was never sent', r.state in ('accepted', 'success', 'abnormal') and r.sent_at is null),
               ('the channel said nothing', r.report is null
                  and (r.state in ('accepted', 'abnormal') or (r.state = 'success' and r.settled_by is null))),
               ('fee came back', r.fee_back > 0 and (r.state <> 'success' or r.transaction_id is not null))
               ) as w (what, wrong)
         where w.wrong
        """);
    RULES.put(
        "What has not come to its end is looked at again",
        """
        select out_trade_no as subject, 'is ' || state || ', and nobody will look' as detail
          from payment
         where due_at is null and (state in ('stored', 'sent', 'waiting') or close_due_at is not null)
        union all
        select r.out_refund_no, 'is ' || r.state || ', and nobody will look'
          from payment_refund r
         where r.due_at is null and r.state not in ('success', 'failed', 'refused')
           and not exists (select 1 from payment_case c where c.refund_id = r.refund_id)
        """);
    RULES.put(
        "What is out of the ordinary has its case",
        """
        select r.out_refund_no as subject, 'was not asked for, and no case says why' as detail
          from payment_refund r
         where (r.request ->> 'own')::boolean
           and not exists (
                 select 1 from payment_case c
                  where c.payment_id = r.payment_id
                    and c.kind = case when r.transaction_id is null then 'late_payment' else 'double_payment' end
                    and c.cause = coalesce(r.transaction_id, 'late'))
        union all
        select r.out_refund_no, 'is abnormal, and has no case'
          from payment_refund r
         where r.state = 'abnormal'
           and not exists (select 1 from payment_case c where c.refund_id = r.refund_id and c.kind = 'refund_abnormal')
        union all
        select r.out_refund_no, 'is unknown, and has no case'
          from payment_refund r
         where r.state = 'unknown'
           and not exists (select 1 from payment_case c where c.refund_id = r.refund_id and c.kind = 'refund_lost')
        """);
    RULES.put(
        "An order, its refunds, its notices and its attempts belong together",
        """
        select p.out_trade_no as subject, w.kind || ' ' || w.id || ' is of another order or merchant' as detail
          from payment p
          join (select 'refund' as kind, refund_id as id, payment_id, payment_id as of_refund, merchant from payment_refund
                union all
                select 'notice', n.notice_id, n.payment_id, coalesce(r.payment_id, n.payment_id), n.merchant
                  from merchant_notice n left join payment_refund r using (refund_id)
                union all
                select 'attempt', a.attempt_id, a.payment_id, r.payment_id, r.merchant
                  from channel_attempt a join payment_refund r using (refund_id)) w using (payment_id)
         where w.of_refund <> p.payment_id or w.merchant <> p.merchant
        """);
  }

  private static void notices() {
    RULES.put(
        "What a merchant is to be told is in the outbox, and nothing else",
        """
        select p.out_trade_no as subject,
               case when n.notice_id is null then 'is paid, and its notice is not there'
                    else 'notice ' || n.notice_id || ' tells of no payment' end as detail
          from payment p
          left join (select notice_id, payment_id from merchant_notice where refund_id is null) n using (payment_id)
         where p.notice_wanted <> (n.notice_id is not null) or (p.notice_wanted and p.paid_at is null)
        union all
        select r.out_refund_no,
               case when n.notice_id is null then 'has arrived, and its notice is not there'
                    else 'notice ' || n.notice_id || ' tells of no refund' end
          from payment_refund r
          left join merchant_notice n using (refund_id)
         where r.notice_wanted <> (n.notice_id is not null) or (r.notice_wanted and r.state <> 'success')
        """);
    RULES.put(
        "A notice that was taken has the attempt that says so, and one that was not has its reason",
        """
        select n.notice_id::text as subject, 'is ' || n.state || ' after ' || n.attempts || ' attempts' as detail
          from merchant_notice n
         where (n.state = 'delivered' and not exists (
                  select 1 from notice_attempt a
                   where a.notice_id = n.notice_id and a.attempt > n.resent_after and a.outcome = 'taken'))
            or (n.state = 'undelivered' and n.last_error = '')
        """);
    RULES.put(
        "Attempts of a notice are numbered as they were begun",
        """
        select n.notice_id::text as subject, 'began ' || n.attempts || ', recorded ' || a.most as detail
          from merchant_notice n
          join (select notice_id, max(attempt) as most from notice_attempt group by notice_id) a using (notice_id)
         where a.most > n.attempts
        """);
  }

  /// Every place of this cell that breaks a rule. To be run in a snapshot.
  public List<Finding> findings(Transaction snapshot) {
    return LedgerAuditStore.ask(snapshot, RULES);
  }
}
