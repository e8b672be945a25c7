-- Why: the one thing all cells share. It tells in which cell an owner, a credential or a foreign id lives.
create table cell (
  cell_id    int primary key check (cell_id between 0 and 999),
  created_at timestamptz not null
);

-- Secrets of the installation that are no use without the master key, and the proof that a node has the right one.
create table master_key_check (
  only_row   boolean primary key default true check (only_row),
  nonce      bytea not null,
  ciphertext bytea not null
);

-- Written before the owner's rows in its cell. An owner that is here and not in its cell was never opened: whoever
-- opens it again finishes what was begun.
create table owner (
  uin     bigint primary key check (uin > 0),
  cell_id int not null references cell
);

-- Sub-users take their numbers from the same range as owners; nothing else is known of them here.
create table sub_user (
  uin       bigint primary key check (uin > 0),
  owner_uin bigint not null references owner
);

create table credential (
  secret_id text collate "C" primary key check (length(secret_id) between 1 and 128),
  cell_id   int not null references cell
);

-- Ids that were not made here (imported deals, big deals, vouchers): unique over all cells.
create table foreign_id (
  kind    text not null check (kind in ('deal', 'big_deal', 'voucher')),
  id      text collate "C" not null,
  cell_id int not null references cell,
  primary key (kind, id)
);

-- The admin API's token, as SHA-256, never the token itself.
create table admin_token (
  token_sha256 bytea primary key check (length(token_sha256) = 32),
  name         text not null,
  created_at   timestamptz not null,
  revoked_at   timestamptz
);
create unique index admin_token_is_named on admin_token (name) where revoked_at is null;

-- The changes that an operator made to the directory itself. What was changed in a cell is in that cell's own table of
-- the same form, written in the same transaction as the change.
create table audit (
  audit_id   bigint primary key,
  at         timestamptz not null,
  actor      text not null,
  action     text not null,
  subject    text not null,
  request_id text not null,
  detail     jsonb not null
);
create index audit_by_time on audit (at desc, audit_id desc);
create index audit_by_subject on audit (subject, at desc, audit_id desc);
