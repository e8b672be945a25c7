-- Why: each day that is over is held against the channel's own bill of it: what either side has that the other has not
-- is found, asked for, and if need be shown to a person. Source: channels.md section 8.3.

-- One day of one account at a channel: a provider's at WeChat Pay, a sub-merchant's at Alipay.
create table reconciliation (
  reconciliation_id bigint primary key,
  platform     smallint not null check (platform in (1, 2)),
  -- As the channel numbers it.
  account      text collate "C" not null check (length(account) between 1 and 64),
  -- In Beijing.
  day          date not null,
  state        text not null check (state in ('due', 'read', 'empty', 'unusable', 'missing', 'changed')),
  detail       text not null default '',
  -- How often the bill was asked for; rows of a run that was not the last to be believed count for nothing.
  run          int not null default 0,
  read_run     int,
  -- Of the bill that was believed, with its own sums. Unit: fen; of the fee a thousandth of a fen.
  sha256       text check (length(sha256) = 64),
  row_count    bigint check (row_count >= 0),
  amount       bigint,
  settlement   bigint,
  fee          bigint,
  created_at   timestamptz not null,
  asked_at     timestamptz,
  read_at      timestamptz,
  -- When a node takes it next; null: nothing is left to do.
  due_at       timestamptz,
  unique (platform, account, day),
  check ((sha256 is null) = (read_run is null) and (sha256 is null) = (row_count is null)
         and (sha256 is null) = (read_at is null)),
  check (state <> 'read' or sha256 is not null)
);
create index reconciliation_is_due on reconciliation (due_at) where due_at is not null;
create index reconciliation_by_time on reconciliation (created_at, reconciliation_id);

-- The lines of bills. Names of goods and payers are not kept: nothing is decided by them.
create table bill_row (
  reconciliation_id bigint not null references reconciliation,
  run               int not null,
  line              bigint not null,
  kind              text not null check (kind in ('pay', 'refund')),
  transaction_id    text collate "C" not null,
  out_trade_no      text collate "C" not null,
  channel_refund_id text collate "C",
  out_refund_no     text collate "C",
  sub_merchant      text collate "C",
  app_id            text collate "C",
  currency          text not null,
  amount            bigint not null check (amount >= 0),
  settlement        bigint not null check (settlement >= 0),
  fee               bigint not null check (fee >= 0),
  happened_at       timestamptz not null,
  status            text not null,
  -- What of ours it is.
  payment_id        bigint references payment,
  refund_id         bigint references payment_refund,
  primary key (reconciliation_id, run, line)
);
create index bill_row_by_payment on bill_row (payment_id) where payment_id is not null;
create index bill_row_by_refund on bill_row (refund_id) where refund_id is not null;

-- What is in a bill and not with us, or with us and in no bill, or not the same.
create table bill_difference (
  difference_id     bigint primary key,
  reconciliation_id bigint not null references reconciliation,
  class             text not null check (class in ('b1', 'b2', 'c1', 'c2', 'd1', 'd2', 'd3', 'e1', 'e2', 'g', 'r')),
  -- One cause is one difference, however often the day is run.
  cause             text not null,
  payment_id        bigint references payment,
  refund_id         bigint references payment_refund,
  transaction_id    text collate "C" not null default '',
  out_trade_no      text collate "C" not null default '',
  out_refund_no     text collate "C" not null default '',
  detail            text not null,
  -- `waits`: for the bill of the next day; `noted`: only shown.
  state             text not null check (state in ('open', 'waits', 'noted', 'settled')),
  -- What a person sees of it; closed, it is decided.
  case_id           bigint references payment_case,
  -- The run that saw it last.
  run               int not null,
  found_at          timestamptz not null,
  settled_at        timestamptz,
  unique (reconciliation_id, class, cause),
  check ((state = 'settled') = (settled_at is not null))
);
create index bill_difference_is_open on bill_difference (reconciliation_id) where state in ('open', 'waits');

-- A case may be about a bill, or about something that is no order of ours.
alter table payment_case
  alter column payment_id drop not null,
  add column reconciliation_id bigint references reconciliation,
  drop constraint payment_case_kind_check,
  add constraint payment_case_kind_check check (
    kind in ('late_payment', 'double_payment', 'mismatch', 'refund_abnormal', 'refund_lost', 'channel_refund', 'misconfigured',
             'unresolved', 'bill_unknown', 'bill_unconfirmed', 'bill_absent', 'bill_differs', 'bill_duplicate',
             'bill_unusable')),
  add check (payment_id is not null or reconciliation_id is not null);
create unique index payment_case_of_bill on payment_case (reconciliation_id, kind, cause) where payment_id is null;
