-- Why: who sells through the gateway: providers, their sub-merchants, the shops of these, and their credentials.
create table provider_merchant (
  provider_id      bigint primary key,
  out_mch_id       text collate "C" not null unique check (length(out_mch_id) between 1 and 32),
  name             text not null,
  active           boolean not null default true,
  -- Signs the notices to the provider. Sealed with the master key.
  key_nonce        bytea not null,
  key_ciphertext   bytea not null,
  -- Where payments are reported to; null while nobody wants to know.
  callback_url     text,
  notice_key       text not null default 'provider' check (notice_key in ('provider', 'sub_merchant')),
  acknowledgement  text not null default 'http_200' check (acknowledgement in ('http_200', 'envelope_status')),
  refund_notices   boolean not null default false,
  notice_schedule  text not null default 'standard' check (notice_schedule in ('standard', 'long')),
  created_at       timestamptz not null
);

create table sub_merchant (
  -- Also the number of its account in the ledger.
  sub_merchant_id  bigint primary key,
  out_sub_mch_id   text collate "C" not null unique check (length(out_sub_mch_id) between 1 and 32),
  provider_id      bigint not null references provider_merchant,
  name             text not null,
  active           boolean not null default true,
  key_nonce        bytea not null,
  key_ciphertext   bytea not null,
  -- The key before this one, which still verifies for a while.
  old_nonce        bytea,
  old_ciphertext   bytea,
  old_until        timestamptz,
  -- X.509 in Base64; for `refund` with RSA.
  rsa_public_key   text,
  rsa_required     boolean not null default false,
  prefixes         text[] not null,
  prefix_check     boolean not null default true,
  default_body     text,
  expiry_seconds   int not null default 120 check (expiry_seconds between 60 and 604800),
  refund_right     boolean not null default false,
  -- Of each payment, in parts per million, kept by the channel.
  fee_ppm          int not null default 0 check (fee_ppm between 0 and 1000000),
  late_payment     text not null default 'refund' check (late_payment in ('refund', 'deliver')),
  created_at       timestamptz not null,
  check ((old_nonce is null) = (old_until is null) and (old_nonce is null) = (old_ciphertext is null)),
  check (not rsa_required or rsa_public_key is not null)
);
create index sub_merchant_by_provider on sub_merchant (provider_id, sub_merchant_id);

create table shop (
  shop_id          bigint primary key,
  out_shop_id      text collate "C" not null unique check (length(out_shop_id) between 1 and 32),
  sub_merchant_id  bigint not null references sub_merchant,
  -- The sub-merchant's own number for it.
  shop_number      text not null default '',
  name             text not null,
  active           boolean not null default true,
  -- Who of its staff may refund.
  refund_staff     text[] not null default '{}',
  created_at       timestamptz not null
);
create index shop_by_sub_merchant on shop (sub_merchant_id, shop_id);

-- What a channel knows a merchant by: the provider's part, and the sub-merchant's. `settings` holds what may be shown,
-- the ciphertext all that may not, as one JSON document.
create table channel_account (
  merchant_id      bigint not null,
  platform         smallint not null check (platform in (1, 2)),
  settings         jsonb not null,
  nonce            bytea not null,
  ciphertext       bytea not null,
  changed_at       timestamptz not null,
  primary key (merchant_id, platform)
);
