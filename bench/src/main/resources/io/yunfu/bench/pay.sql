-- The baseline of `yunfu bench pay`: one payment of one deal, statement by statement, as a careful program without an
-- engine of its own would make it, with `pgbench -M prepared`. The same tables, the same rows, the same guarantees:
-- the account is locked first, so that two payments of one account never both see the same balance.
--
-- What the caller of pgbench defines with -D:
--   prefix         of all deal ids
--   first          the number of the first deal that may be paid
--   clients        how many clients run this script
--   turn           -1
--   first_uin, accounts, hot_percent   whose deals these are
--
-- Each client pays every `clients`-th deal, so that no two ever try the same one and every deal is fresh.
\set turn :turn + 1
\set n :first + :turn * :clients + :client_id

-- Whose deal it is: the same arithmetic that made the deals. See Numbering.java.
\set a (:n * 2654435761) % 4294967296
\set b ((:a # (:a / 65536)) * 1540483477) % 4294967296
\set hash :b # (:b / 8192)
\set uin :first_uin + case when :hash % 100 < :hot_percent then 0 else (:hash / 100) % :accounts end

\set number 100000000000 + :n
-- Ids are made by the client, as ours are: no sequence, no default.
\set posting 4503599627370496 + :n

begin;

select present, income, cash, owe, frozen, credit_limit, temp_credit
  from account
 where uin = :uin
   for update \gset

select owner_uin, status, payable, case when pay_until > now() then 1 else 0 end as is_open
  from deal
 where deal_id = :prefix || :number \gset

-- Check. The accounts have cash only, so the payment is one draw on one pocket.
\if :owner_uin = :uin and :status = 1 and :is_open = 1 and :payable <= :cash and :present + :income = 0

update account
   set cash = cash - :payable
 where uin = :uin;

update deal
   set status = 2, payer_uin = :uin, agent_pay = 0, real_total_cost = :payable, voucher_decline = 0,
       posting_id = :posting, paid_at = now(), status_at = now()
 where deal_id = :prefix || :number and status = 1;

insert into posting (posting_id, kind, actor, request_id, memo, created_at)
values (:posting, 'deduct', (:uin)::bigint::text, '00000000-0000-4000-8000-000000000000', '', now());

-- Both entries of the posting are in one row: see `leg` and the view `entry` in V2__ledger.sql.
insert into leg (posting_id, line, debit_uin, debit_pocket, credit_uin, credit_pocket, amount, currency, subject)
values (:posting, 0, :uin, 'cash', 0, 'revenue', :payable, 'CNY', :prefix || :number);

-- Due tomorrow: the delivery workers of a server that stands by must not work through the baseline's queue meanwhile.
insert into delivery (deal_id, owner_uin, state, next_attempt_at, queued_at)
values (:prefix || :number, :uin, 'queued', now() + interval '1 day', now());

commit;

\else
-- Stops this client, and with it the benchmark: a payment that is not made must not count as one.
select 'not payable'::int;
\endif
