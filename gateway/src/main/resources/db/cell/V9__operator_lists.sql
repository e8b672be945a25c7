-- Why: operators read payments, refunds, cases and notices by time, the newest first, over all cells, where numbers of
-- different cells do not compare. And who closes a case says why.
create index payment_by_time on payment (created_at, payment_id);
drop index payment_by_merchant;
create index payment_by_merchant on payment (merchant, created_at, payment_id);
create index payment_refund_by_time on payment_refund (created_at, refund_id);
create index payment_refund_by_merchant on payment_refund (merchant, created_at, refund_id);
create index payment_case_by_time on payment_case (opened_at, case_id);
create index merchant_notice_by_time on merchant_notice (created_at, notice_id);
drop index merchant_notice_by_merchant;
create index merchant_notice_by_merchant on merchant_notice (merchant, created_at, notice_id);
create index merchant_notice_by_payment on merchant_notice (payment_id);

alter table payment_case add column remark text not null default '';
