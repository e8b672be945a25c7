-- Why: owners, who may act for them, what they ordered, what they may pay with, and what was delivered.

create table owner (
  uin           bigint primary key references account,
  name          text not null default '',
  edition       text not null check (edition in ('china', 'intl')),
  certification text not null check (certification in ('none', 'incomplete', 'complete', 'need_upgrade')),
  -- false while the operator has frozen the account: it can neither pay nor be paid for.
  active        boolean not null default true,
  created_at    timestamptz not null,
  -- What change_counter said when this owner, its users, policies or keys changed last.
  change        bigint not null default 0
);
create index owner_by_change on owner (change);

-- Grows with every change of an owner, user, policy or key of this cell, in the transaction of the change. Its row lock
-- makes the changes commit in the order of their numbers, so a node that polls "what is newer than the last I saw"
-- misses none.
create table change_counter (
  only_row boolean primary key default true check (only_row),
  value    bigint not null
);
insert into change_counter (value) values (0);

create table sub_user (
  uin        bigint primary key check (uin > 0),
  owner_uin  bigint not null references owner,
  name       text not null default '',
  active     boolean not null default true,
  created_at timestamptz not null
);
create index sub_user_by_owner on sub_user (owner_uin, uin);

-- What a sub-user may do: an action pattern (`finance:trade`, `finance:*`, `finance:DescribeDealsByCond`) or a preset
-- (`QCloudFinanceFullAccess`, `AdministratorAccess`).
create table policy (
  user_uin   bigint not null references sub_user,
  name       text collate "C" not null check (length(name) between 1 and 128),
  created_at timestamptz not null,
  primary key (user_uin, name)
);

create table api_key (
  secret_id   text collate "C" primary key,
  -- The owner itself or one of its sub-users.
  user_uin    bigint not null,
  owner_uin   bigint not null references owner,
  nonce       bytea not null,
  -- AES-256-GCM under the master key, with the secret id as associated data.
  ciphertext  bytea not null,
  -- For temporary keys: the SHA-256 of the token that must come along, and its end.
  token_sha256 bytea,
  expires_at  timestamptz,
  remark      text not null default '',
  created_at  timestamptz not null,
  disabled_at timestamptz,
  check ((token_sha256 is null) = (expires_at is null))
);
create index api_key_by_owner on api_key (owner_uin, created_at desc);

-- A member pays nothing itself: its group payer does.
create table group_member (
  member_uin bigint primary key references owner,
  payer_uin  bigint not null references owner,
  created_at timestamptz not null,
  check (member_uin <> payer_uin)
);
create index group_member_by_payer on group_member (payer_uin);

create table reseller_client (
  client_uin   bigint primary key references owner,
  reseller_uin bigint not null references owner,
  created_at   timestamptz not null,
  check (client_uin <> reseller_uin)
);
create index reseller_client_by_reseller on reseller_client (reseller_uin);

create table product (
  product_code     text collate "C" not null,
  sub_product_code text collate "C" not null,
  name_zh          text not null,
  name_en          text not null,
  sub_name_zh      text not null,
  sub_name_en      text not null,
  goods_category   bigint not null default 0,
  -- Before the dash of a resource id: `ins` gives ins-1a2b3c4d.
  resource_prefix  text not null default 'res' check (resource_prefix ~ '^[a-z][a-z0-9]{0,15}$'),
  -- Empty: the built-in provider.
  provider         text collate "C" not null default '',
  created_at       timestamptz not null,
  primary key (product_code, sub_product_code)
);

-- An HTTP provider: whoever makes the resources of some products.
create table provider (
  name        text collate "C" primary key check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
  url         text not null,
  nonce       bytea not null,
  ciphertext  bytea not null,
  timeout_ms  int not null check (timeout_ms between 100 and 60000),
  max_attempts int not null check (max_attempts between 1 and 100),
  active      boolean not null default true,
  created_at  timestamptz not null
);

create table big_deal (
  big_deal_id text collate "C" primary key,
  owner_uin   bigint not null references owner,
  creator_uin bigint not null,
  -- Big deals of one package are sold only as a whole.
  package_id  text collate "C",
  created_at  timestamptz not null
);
create index big_deal_by_package on big_deal (package_id) where package_id is not null;

create table deal (
  deal_id          text collate "C" primary key check (deal_id ~ '^[0-9A-Za-z_-]{1,64}$'),
  big_deal_id      text collate "C" not null references big_deal,
  owner_uin        bigint not null,
  creator_uin      bigint not null,
  -- How many deals the big deal holds; 1 spares the search for the others.
  big_deal_size    smallint not null check (big_deal_size > 0),
  package_id       text collate "C",
  -- billing.md section 4.1: the wire's numbers.
  status           smallint not null check (status in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 30)),
  product_code     text collate "C" not null,
  sub_product_code text collate "C" not null,
  action           text not null check (action in ('purchase', 'renew', 'upgrade', 'downgrade', 'refund',
                     'modifyNetworkMode', 'modifyNetworkSize', 'preMoveOut', 'preMoveIn', 'preToPost', 'postMoveOut',
                     'postMoveIn')),
  pay_mode         text not null check (pay_mode in ('prePay', 'postPay', 'riPay')),
  currency         text not null check (currency in ('CNY', 'USD')),
  -- Micro: 1e-8 of the main unit, a millionth of a cent.
  price_micro      bigint not null check (price_micro >= 0),
  quantity         int not null check (quantity > 0),
  time_span        numeric(12, 4) not null check (time_span > 0),
  time_unit        text not null check (time_unit in ('m', 'y', 'd', 'p')),
  total_cost_micro bigint not null check (total_cost_micro >= 0),
  -- Parts per million of the list price that are due: 1000000 is no discount.
  policy_ppm       int not null check (policy_ppm between 0 and 1000000),
  -- What is due, in cents, as it was told to the buyer. PayDeals computes it again and refuses to charge another price.
  payable          bigint not null,
  vouchers_allowed boolean not null default true,
  project_id       bigint not null default 0,
  -- As on the wire: [{"Name": …, "Value": …}, …].
  product_info     jsonb not null default '[]',
  formula          text not null default '',
  ref_return_deals text not null default '',
  zone_code        text not null default '',
  -- What renew, upgrade and downgrade change; purchases get theirs at delivery.
  target_resources text[] not null default '{}',
  resource_ids     text[] not null default '{}',
  created_at       timestamptz not null,
  pay_until        timestamptz not null,
  -- From the payment on:
  payer_uin        bigint,
  agent_pay        smallint check (agent_pay in (0, 1, 3, 4)),
  real_total_cost  bigint check (real_total_cost >= 0),
  voucher_decline  bigint check (voucher_decline >= 0),
  voucher_id       text collate "C",
  cps_uin          text,
  posting_id       bigint,
  paid_at          timestamptz,
  status_at        timestamptz not null,
  constraint deal_is_paid_whole check (
    (posting_id is null) = (status in (1, 7, 8, 9, 10, 11, 12))
    and (payer_uin is null) = (posting_id is null)
    and (paid_at is null) = (posting_id is null)
    and (real_total_cost is null) = (posting_id is null)
    and (voucher_decline is null) = (posting_id is null)),
  constraint deal_is_paid_exactly check (posting_id is null or real_total_cost + voucher_decline = payable)
) with (fillfactor = 80);
create index deal_by_big_deal on deal (big_deal_id);
create index deal_by_owner on deal (owner_uin, created_at desc, deal_id desc);
create index deal_by_package on deal (package_id) where package_id is not null;
create index deal_to_expire on deal (pay_until) where status = 1;
create index deal_to_recover on deal (status_at) where status = 12;
create index deal_by_resource on deal using gin (resource_ids) where resource_ids <> '{}';
create index deal_by_target on deal using gin (target_resources) where target_resources <> '{}';

-- Who paid for the current term of a resource; a downgrade of what a reseller paid is refused.
create table resource (
  resource_id      text collate "C" primary key,
  owner_uin        bigint not null,
  product_code     text collate "C" not null,
  sub_product_code text collate "C" not null,
  deal_id          text collate "C" not null references deal,
  payer_uin        bigint not null,
  agent_pay        smallint not null,
  state            text not null check (state in ('active', 'ended')),
  created_at       timestamptz not null
);
create index resource_by_owner on resource (owner_uin, resource_id);

create table voucher (
  voucher_id          text collate "C" primary key check (voucher_id ~ '^[0-9A-Za-z_-]{1,64}$'),
  owner_uin           bigint not null references owner,
  status              text not null check (status in ('delivered', 'unUsed', 'used', 'cancel', 'overdue')),
  currency            text not null check (currency in ('CNY', 'USD')),
  nominal_micro       bigint not null check (nominal_micro > 0),
  balance_micro       bigint not null check (balance_micro between 0 and nominal_micro),
  -- '' and '*': all.
  pay_mode            text not null check (pay_mode in ('', '*', 'prePay', 'postPay', 'riPay')),
  pay_scenes          text[] not null,
  -- Codes: product, or product/sub-product; '*' alone is every product.
  applicable_products text[] not null check (cardinality(applicable_products) > 0),
  excluded_products   text[] not null default '{}',
  minimum_spend       bigint not null default 0 check (minimum_spend >= 0),
  auto_use            boolean not null default true,
  -- Both inclusive, in UTC+8.
  begin_date          date not null,
  end_date            date not null check (end_date >= begin_date),
  main_type           text not null check (main_type in ('has_price', 'no_price')),
  sub_type            text not null check (sub_type in ('discount', 'deduct')),
  name                text not null default '',
  code_id             text not null default '',
  activity_id         text not null default '',
  policy_remark       text not null default '',
  created_at          timestamptz not null,
  check (status <> 'used' or balance_micro = 0)
);
create index voucher_by_owner on voucher (owner_uin, created_at desc, voucher_id desc);
create index voucher_to_expire on voucher (end_date) where status in ('delivered', 'unUsed');

create table voucher_usage (
  voucher_id   text collate "C" not null references voucher,
  deal_id      text collate "C" not null references deal,
  owner_uin    bigint not null,
  amount_micro bigint not null check (amount_micro > 0),
  used_at      timestamptz not null,
  primary key (voucher_id, deal_id)
);
create index voucher_usage_by_owner on voucher_usage (owner_uin, used_at desc);

-- The queue of paid deals that are not delivered yet. A row goes when its deal is delivered; what failed for good stays,
-- as 'failed', in the list that the operator sees.
create table delivery (
  deal_id         text collate "C" primary key references deal,
  owner_uin       bigint not null,
  -- Empty until the deal is handed to an HTTP provider's queue; the built-in provider needs no queue of its own.
  provider        text collate "C" not null default '',
  state           text not null check (state in ('queued', 'running', 'failed')),
  -- Calls begun.
  attempts        int not null default 0 check (attempts >= 0),
  -- Calls without a definite answer since the last definite one.
  failures        int not null default 0 check (failures >= 0),
  -- While running: the end of the lease.
  next_attempt_at timestamptz not null,
  -- A node that dies leaves its lease behind; after this instant another node takes the row.
  leased_until    timestamptz,
  -- When the provider first said that it is at work.
  accepted_at     timestamptz,
  last_error      text not null default '',
  queued_at       timestamptz not null,
  check ((state = 'running') = (leased_until is not null))
) with (fillfactor = 70);
create index delivery_due on delivery (provider, next_attempt_at) where state in ('queued', 'running');
create index delivery_failed on delivery (queued_at) where state = 'failed';

create table delivery_attempt (
  deal_id    text collate "C" not null,
  attempt    int not null,
  started_at timestamptz not null,
  ended_at   timestamptz not null,
  outcome    text not null check (outcome in ('delivered', 'accepted', 'refused', 'unknown')),
  detail     text not null default '',
  primary key (deal_id, attempt, started_at)
);
