-- Why: orders that are paid over a channel, the refunds of these, what was asked of the channels, what merchants are
-- told, and what a person has to look at.

-- One row per order number of a merchant. `state` is ours; what the wire calls it follows from state and platform.
create table payment (
  payment_id       bigint primary key,
  out_trade_no     text collate "C" not null unique,
  merchant         bigint not null references sub_merchant,
  out_shop_id      text not null,
  platform         smallint not null check (platform in (1, 2)),
  sub_platform     smallint not null,
  state            text not null check (state in ('stored', 'sent', 'waiting', 'paid', 'refunded', 'finished', 'closed', 'void')),
  -- A call to the channel is out, or came back without an answer.
  transforming     boolean not null default false,
  total            bigint not null check (total > 0),
  currency         text not null check (currency in ('CNY', 'USD')),
  -- All that the caller said of the order and its payer, as one JSON document.
  request          jsonb not null,
  fingerprint      bytea not null check (length(fingerprint) = 32),
  -- How the create call was signed: answers and notices about the order must be signed so too.
  sign_type        text,
  -- The channel's prepay id, or Alipay's trade number.
  prepaid          text,
  transaction_id   text collate "C",
  -- What the channel said of the payment, as one JSON document.
  payment          jsonb,
  state_text       text not null default '',
  -- null: a sale of the merchant; else a top-up of this owner account.
  top_up_uin       bigint check (top_up_uin > 0),
  fee              bigint not null default 0 check (fee >= 0 and fee <= total),
  -- Sum of the refunds that are under way or done, and of those that are done.
  reserved         bigint not null default 0 check (reserved between 0 and total),
  refunded         bigint not null default 0 check (refunded between 0 and reserved),
  posting_id       bigint unique references posting,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  expires_at       timestamptz not null,
  paid_at          timestamptz,
  closed_at        timestamptz,
  -- When the channel may be told of a close that it would not take yet.
  close_due_at     timestamptz,
  asked_at         timestamptz,
  -- When the worker looks at it next; null: nothing is left to do.
  due_at           timestamptz,
  looks            int not null default 0,
  check ((state in ('paid', 'refunded', 'finished')) = (paid_at is not null)),
  check ((paid_at is null) = (posting_id is null))
);
create index payment_is_due on payment (due_at) where due_at is not null;
create index payment_by_merchant on payment (merchant, payment_id desc);
create index payment_by_transaction on payment (transaction_id) where transaction_id is not null;
create index payment_by_top_up on payment (top_up_uin, payment_id desc) where top_up_uin is not null;

create table payment_refund (
  refund_id         bigint primary key,
  out_refund_no     text collate "C" not null unique,
  payment_id        bigint not null references payment,
  merchant          bigint not null references sub_merchant,
  state             text not null check (state in ('stored', 'accepted', 'success', 'failed', 'abnormal', 'unknown')),
  transforming      boolean not null default false,
  amount            bigint not null check (amount > 0),
  -- What the caller said, as one JSON document.
  request           jsonb not null,
  fingerprint       bytea not null check (length(fingerprint) = 32),
  -- Of a second payment of one order, which has a transaction of its own: it does not count against the order.
  transaction_id    text collate "C",
  channel_refund_id text,
  -- What the channel said of the refund, as one JSON document.
  report            jsonb,
  state_text        text not null default '',
  fee_back          bigint not null default 0 check (fee_back >= 0),
  posting_id        bigint unique references posting,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  sent_at           timestamptz,
  succeeded_at      timestamptz,
  due_at            timestamptz,
  looks             int not null default 0,
  check ((state = 'success') = (succeeded_at is not null)),
  check ((state = 'success') = (posting_id is not null))
);
create index payment_refund_by_payment on payment_refund (payment_id, refund_id);
create index payment_refund_is_due on payment_refund (due_at) where due_at is not null;

-- What was asked of a channel: written before the first byte leaves, completed when an answer is there.
create table channel_attempt (
  attempt_id   bigint primary key,
  payment_id   bigint not null references payment,
  refund_id    bigint references payment_refund,
  operation    text not null,
  fingerprint  bytea not null,
  sign_type    text,
  state        text not null check (state in ('sent', 'done', 'refused', 'unknown', 'not_sent')),
  sent_at      timestamptz not null,
  ended_at     timestamptz,
  host         text not null default '',
  http_status  int not null default 0,
  verified     boolean not null default false,
  tries        int not null default 0,
  took_ms      int not null default 0,
  code         text not null default '',
  -- Masked: keys, tokens and signatures are never in here.
  answer       text not null default ''
);
create index channel_attempt_by_payment on channel_attempt (payment_id, attempt_id);

-- What a person has to look at.
create table payment_case (
  case_id     bigint primary key,
  kind        text not null check (kind in ('late_payment', 'double_payment', 'mismatch', 'refund_abnormal', 'refund_lost',
                                            'channel_refund', 'misconfigured', 'unresolved')),
  payment_id  bigint not null references payment,
  refund_id   bigint references payment_refund,
  -- One case for one cause, however often it is noticed.
  cause       text not null,
  detail      text not null,
  opened_at   timestamptz not null,
  closed_at   timestamptz,
  closed_by   text,
  unique (payment_id, kind, cause),
  check ((closed_at is null) = (closed_by is null))
);
create index payment_case_is_open on payment_case (case_id) where closed_at is null;

-- What merchants are told: written with the change that it tells of.
create table merchant_notice (
  notice_id    bigint primary key,
  kind         text not null check (kind in ('payment', 'refund')),
  payment_id   bigint not null references payment,
  refund_id    bigint references payment_refund,
  merchant     bigint not null references sub_merchant,
  state        text not null check (state in ('queued', 'delivered', 'undelivered')),
  attempts     int not null default 0,
  due_at       timestamptz not null,
  leased_until timestamptz,
  last_error   text not null default '',
  created_at   timestamptz not null,
  ended_at     timestamptz,
  check ((state = 'queued') = (ended_at is null)),
  check ((kind = 'refund') = (refund_id is not null))
);
-- One logical notice per event, whatever happens twice.
create unique index merchant_notice_of_payment on merchant_notice (payment_id) where refund_id is null;
create unique index merchant_notice_of_refund on merchant_notice (refund_id) where refund_id is not null;
create index merchant_notice_is_due on merchant_notice (due_at) where state = 'queued';
create index merchant_notice_by_merchant on merchant_notice (merchant, notice_id desc);

create table notice_attempt (
  notice_id   bigint not null references merchant_notice,
  attempt     int not null,
  started_at  timestamptz not null,
  took_ms     int not null,
  http_status int not null,
  outcome     text not null,
  primary key (notice_id, attempt)
);
