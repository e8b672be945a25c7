-- Why: the books. One row per owner holds all its pockets, so that a payment locks one row.
create table account (
  uin          bigint primary key check (uin > 0),
  currency     text not null check (currency in ('CNY', 'USD')),
  cash         bigint not null default 0 check (cash >= 0),
  income       bigint not null default 0 check (income >= 0),
  present      bigint not null default 0 check (present >= 0),
  -- What was spent on credit and not yet repaid.
  owe          bigint not null default 0 check (owe >= 0),
  -- The sum of all holds that are neither captured nor released.
  frozen       bigint not null default 0 check (frozen >= 0),
  credit_limit bigint not null default 0 check (credit_limit >= 0),
  -- The sum of all recorded grants in temp_credit; only those that are valid now can be spent.
  temp_credit  bigint not null default 0 check (temp_credit >= 0),
  constraint account_is_covered
    check (cash + income + present + credit_limit + temp_credit - owe - frozen >= 0)
) with (fillfactor = 70);

create table temp_credit (
  temp_credit_id bigint primary key,
  uin            bigint not null references account,
  amount         bigint not null check (amount > 0),
  starts_at      timestamptz not null,
  ends_at        timestamptz not null check (ends_at > starts_at)
);
create index temp_credit_by_account on temp_credit (uin, ends_at);

create table hold (
  hold_id    bigint primary key,
  uin        bigint not null references account,
  amount     bigint not null check (amount > 0),
  state      text not null check (state in ('held', 'captured', 'released')),
  reason     text not null,
  subject    text not null,
  created_at timestamptz not null,
  ended_at   timestamptz,
  check ((state = 'held') = (ended_at is null))
);
create index hold_by_account on hold (uin, hold_id desc);

-- A balanced movement of money. Never changed once written.
create table posting (
  posting_id bigint primary key,
  -- The vendor's ledger vocabulary (recharge, deduct, return, transfer, adjust), and the gateway's (collect, refund).
  kind       text not null check (kind in ('recharge', 'deduct', 'return', 'transfer', 'adjust', 'collect', 'refund')),
  actor      text not null,
  request_id text not null,
  memo       text not null default '',
  created_at timestamptz not null
);

-- One leg takes an amount from the credited pocket to the debited one, so that a posting cannot be off balance.
-- Account 0 is the house, numbers below zero are merchants of the gateway. Their pockets keep no stored balance: nothing
-- decides on them.
create table leg (
  posting_id    bigint not null references posting,
  line          smallint not null check (line >= 0),
  debit_uin     bigint not null,
  debit_pocket  text not null,
  credit_uin    bigint not null,
  credit_pocket text not null,
  amount        bigint not null check (amount > 0),
  currency      text not null check (currency in ('CNY', 'USD')),
  -- What this leg paid for: a deal id, or empty.
  subject       text collate "C" not null default '',
  primary key (posting_id, line),
  check (debit_uin <> credit_uin or debit_pocket <> credit_pocket),
  check (case when debit_uin = 0
              then debit_pocket in ('revenue', 'funding', 'gift', 'voucher', 'adjustment', 'wechat', 'alipay')
              when debit_uin < 0 then debit_pocket = 'payable'
              else debit_pocket in ('cash', 'income', 'present', 'owe') end),
  check (case when credit_uin = 0
              then credit_pocket in ('revenue', 'funding', 'gift', 'voucher', 'adjustment', 'wechat', 'alipay')
              when credit_uin < 0 then credit_pocket = 'payable'
              else credit_pocket in ('cash', 'income', 'present', 'owe') end)
);
create index leg_by_debit_account on leg (debit_uin, posting_id desc) where debit_uin <> 0;
create index leg_by_credit_account on leg (credit_uin, posting_id desc) where credit_uin <> 0;
create index leg_by_subject on leg (subject) where subject <> '';

-- The two sides of every leg, in the sign of the field: debit positive, credit negative.
create view entry as
  select posting_id, line, debit_uin as uin, debit_pocket as pocket, amount, currency, subject from leg
  union all
  select posting_id, line, credit_uin, credit_pocket, -amount, currency, subject from leg;
