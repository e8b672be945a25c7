-- Why: every change by an operator leaves a row beside it, and a command that arrives twice is done once.

-- Repeating an operator's command with the same key gives the first answer again.
create table idempotency (
  scope       text collate "C" not null,
  key         text collate "C" not null,
  request_sha256 bytea not null,
  response    jsonb not null,
  created_at  timestamptz not null,
  primary key (scope, key)
);
create index idempotency_by_age on idempotency (created_at);

-- Every change that an operator made in this cell, written in the transaction of the change: none is without its row.
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
