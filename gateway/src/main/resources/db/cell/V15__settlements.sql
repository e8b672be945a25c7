-- Why: where a coupon of the merchant pays a part, the channel owes less than the order's total, and takes less back for a
-- refund. The books show what the channel owes: docs/decisions/0022.
alter table payment
  -- What the channel owes for the payment, its fee not yet taken off; null before it is paid.
  add column settlement bigint,
  -- What of it went back.
  add column settlement_refunded bigint not null default 0;
alter table payment_refund
  -- What of the amount the merchant gave; null until the refund has arrived.
  add column settlement bigint;

-- So far all of it was booked.
update payment set settlement = total, settlement_refunded = refunded where paid_at is not null;
update payment_refund set settlement = amount where state = 'success';

alter table payment
  add check ((settlement is null) = (paid_at is null)),
  add check (settlement between 0 and total),
  add check (settlement_refunded between 0 and coalesce(settlement, 0));
alter table payment_refund
  add check ((settlement is null) = (state <> 'success')),
  add check (settlement between 0 and amount);

-- What channels keep of top-ups is a cost of the house, in a pocket of its own. Rows that are there keep to the old rule,
-- so they are not read again.
alter table leg
  drop constraint leg_check1,
  drop constraint leg_check2,
  add constraint leg_debit_pocket check (
    case when debit_uin = 0
         then debit_pocket in ('revenue', 'funding', 'gift', 'voucher', 'adjustment', 'wechat', 'alipay', 'fees')
         when debit_uin < 0 then debit_pocket = 'payable'
         else debit_pocket in ('cash', 'income', 'present', 'owe') end) not valid,
  add constraint leg_credit_pocket check (
    case when credit_uin = 0
         then credit_pocket in ('revenue', 'funding', 'gift', 'voucher', 'adjustment', 'wechat', 'alipay', 'fees')
         when credit_uin < 0 then credit_pocket = 'payable'
         else credit_pocket in ('cash', 'income', 'present', 'owe') end) not valid;
