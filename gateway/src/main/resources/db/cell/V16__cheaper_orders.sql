-- What an order writes is part of its price: docs/decisions/0023.

-- An order and its attempt change soon after they were written: with room on its page a new version needs no index.
alter table payment set (fillfactor = 60);
alter table channel_attempt set (fillfactor = 70);

-- A foreign key is asked row by row, and locks what it finds. What is never removed can be asked for once per statement.
create function has_payment() returns trigger language plpgsql set enable_seqscan = off as $$
declare
  ids bigint[] := array(select distinct payment_id from written);
begin
  if (select count(*) from payment where payment_id = any (ids)) < cardinality(ids) then
    raise foreign_key_violation
      using message = format('a %s without its payment', tg_table_name), constraint = tg_name, table = tg_table_name;
  end if;
  return null;
end
$$;

create function has_merchant() returns trigger language plpgsql as $$
declare
  ids bigint[] := array(select distinct merchant from written);
begin
  if (select count(*) from sub_merchant where sub_merchant_id = any (ids)) < cardinality(ids) then
    raise foreign_key_violation
      using message = format('a %s without its merchant', tg_table_name), constraint = tg_name, table = tg_table_name;
  end if;
  return null;
end
$$;

alter table payment drop constraint payment_merchant_fkey;
alter table channel_attempt drop constraint channel_attempt_payment_id_fkey;
create trigger payment_has_merchant after insert on payment referencing new table as written
  for each statement execute function has_merchant();
create trigger channel_attempt_has_payment after insert on channel_attempt referencing new table as written
  for each statement execute function has_payment();
create trigger payment_stays before delete or truncate on payment
  for each statement execute function refuse_removal();
create trigger sub_merchant_stays before delete or truncate on sub_merchant
  for each statement execute function refuse_removal();

-- Counts the changes of merchants, shops and credentials, so that what a node remembers of them holds until it moves.
create table merchant_change (
  value bigint not null
);
insert into merchant_change values (0);
create function count_merchant_change() returns trigger language plpgsql as $$
begin
  update merchant_change set value = value + 1;
  return null;
end
$$;
create trigger provider_merchant_changes after insert or update or delete on provider_merchant
  for each statement execute function count_merchant_change();
create trigger sub_merchant_changes after insert or update or delete on sub_merchant
  for each statement execute function count_merchant_change();
create trigger shop_changes after insert or update or delete on shop
  for each statement execute function count_merchant_change();
create trigger channel_account_changes after insert or update or delete on channel_account
  for each statement execute function count_merchant_change();
