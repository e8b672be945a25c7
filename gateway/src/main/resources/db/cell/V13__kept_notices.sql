-- Why: what channels report is kept as it came, encrypted, so that a dispute can be settled with it and a notice that
-- comes again is known; and the record of a question says in whose name it was asked, and how long an answer was waited for.
-- And a sub-merchant may want none named but the devices and staff that its shops have.

create table channel_notice (
  payment_id  bigint not null references payment,
  -- Tells it from others about the payment. Alipay: `notify_id`; WeChat Pay: the transaction and its state; a hint at a
  -- refund: its number and state; rejected: its place among those.
  notice_key  text collate "C" not null check (length(notice_key) between 1 and 128),
  kind        text not null check (kind in ('payment', 'refund')),
  verdict     text not null check (verdict in ('verified', 'ignored', 'hint', 'rejected')),
  -- Why it was ignored or rejected.
  why         text not null default '',
  heard_at    timestamptz not null,
  sha256      bytea not null check (length(sha256) = 32),
  -- The body as it came, sealed with a key of the payment that is derived from the master key. Of what was rejected
  -- nothing is kept but its digest: anybody may have written it.
  nonce       bytea,
  ciphertext  bytea,
  primary key (payment_id, notice_key),
  check ((verdict = 'rejected') = (ciphertext is null) and (nonce is null) = (ciphertext is null))
);
-- Old ones are deleted.
create index channel_notice_by_time on channel_notice (heard_at);

alter table sub_merchant
  add column terminal_check boolean not null default false;
alter table shop
  add column devices text[] not null default '{}',
  add column staff text[] not null default '{}';

-- What earlier versions wrote says neither.
alter table channel_attempt
  add column account text not null default '',
  add column deadline timestamptz;
