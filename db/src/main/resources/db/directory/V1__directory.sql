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

create table owner (
  uin     bigint primary key check (uin > 0),
  cell_id int not null references cell
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

-- Grows with every change of a credential, user, policy or owner. Nodes poll it and drop what they have cached.
create table change_counter (
  only_row boolean primary key default true check (only_row),
  value    bigint not null
);
insert into change_counter (value) values (0);

-- The admin API's token, as SHA-256, never the token itself.
create table admin_token (
  token_sha256 bytea primary key check (length(token_sha256) = 32),
  name         text not null,
  created_at   timestamptz not null,
  revoked_at   timestamptz
);

-- Every change that an operator made, in any cell.
create table audit (
  audit_id   bigint primary key,
  at         timestamptz not null,
  actor      text not null,
  action     text not null,
  subject    text not null,
  request_id text not null,
  detail     jsonb not null
);
create index audit_by_subject on audit (subject, audit_id desc);
