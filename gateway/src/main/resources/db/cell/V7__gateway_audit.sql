-- Why: the audit holds what was done against what was to be done, so the rows say what that is: the rate of a payment's
-- fee, and whether its merchant is to be told. And a notice that is sent again keeps the record of its earlier attempts.
alter table payment
  -- What the channel keeps of the payment, in parts per million, as it was when the payment arrived.
  add column fee_ppm int not null default 0 check (fee_ppm between 0 and 1000000),
  add column notice_wanted boolean not null default false;
alter table payment_refund
  add column notice_wanted boolean not null default false;
alter table merchant_notice
  -- Attempts that were made before somebody had it sent again: they do not count against its schedule.
  add column resent_after int not null default 0 check (resent_after between 0 and attempts);

update payment p
   set fee_ppm = s.fee_ppm
  from sub_merchant s
 where s.sub_merchant_id = p.merchant and p.paid_at is not null and p.top_up_uin is null;
update payment p
   set notice_wanted = true
 where exists (select 1 from merchant_notice n where n.payment_id = p.payment_id and n.refund_id is null);
update payment_refund r
   set notice_wanted = true
 where exists (select 1 from merchant_notice n where n.refund_id = r.refund_id);
