-- Each index and each constraint here is part of the price of a payment: docs/decisions/0021.

-- Checked where an id is written, not whenever its row changes.
create domain wire_id as text collate "C" check (value ~ '^[0-9A-Za-z_-]{1,64}$');

-- A foreign key is asked row by row, and locks what it finds. What is never removed can be asked for once per statement.
create function has_deal() returns trigger language plpgsql set enable_seqscan = off as $$
declare
  ids text[] := array(select distinct deal_id from written);
begin
  if (select count(*) from deal where deal_id = any (ids)) < cardinality(ids) then
    raise foreign_key_violation
      using message = format('a %s without its deal', tg_table_name), constraint = tg_name, table = tg_table_name;
  end if;
  return null;
end
$$;

alter table resource drop constraint resource_deal_id_fkey;
alter table delivery drop constraint delivery_deal_id_fkey;
create trigger resource_has_deal after insert on resource referencing new table as written
  for each statement execute function has_deal();
create trigger delivery_has_deal after insert on delivery referencing new table as written
  for each statement execute function has_deal();
create trigger deal_stays before delete or truncate on deal
  for each statement execute function refuse_removal();

alter table deal drop constraint deal_deal_id_check, alter column deal_id type wire_id;
alter table voucher drop constraint voucher_voucher_id_check, alter column voucher_id type wire_id;

-- Resources are always asked for by their ids.
drop index resource_by_owner;

-- A payment must change no column that an index holds or asks for: then it writes the deal's row and no index at all.

-- The deal that made a resource; with it, and with the deals that took it over or were about it, all deals of a resource
-- are found without an index on what each deal has made.
alter table resource add column made_by text collate "C";
update resource r
   set made_by = m.deal_id
  from (select id, min(deal_id) as deal_id
          from deal
         cross join unnest(resource_ids) as made (id)
         group by id) m
 where m.id = r.resource_id;
update resource set made_by = deal_id where made_by is null;
alter table resource alter column made_by set not null;
create table resource_deal (
  resource_id text collate "C" not null,
  deal_id     text collate "C" not null,
  primary key (resource_id, deal_id)
);
insert into resource_deal (resource_id, deal_id)
  select made.id, d.deal_id
    from deal d
   cross join unnest(d.resource_ids) as made (id)
    left join resource r on r.resource_id = made.id
   where r.made_by is distinct from d.deal_id
  on conflict do nothing;
drop index deal_by_resource;

-- When somebody has to look at a deal again: at the end of its time if it is not paid, and five minutes after it was left
-- in status 12. A deal that is paid meanwhile is not taken out; whoever looks at it then sees that it is.
create table deal_due (
  due_at  timestamptz not null,
  deal_id text collate "C" not null,
  primary key (due_at, deal_id)
);

create function placed_deal_is_due() returns trigger language plpgsql as $$
begin
  insert into deal_due (due_at, deal_id)
    select case status when 1 then pay_until else status_at + interval '5 minutes' end, deal_id
      from written
     where status in (1, 12);
  return null;
end
$$;

create function changed_deal_is_due() returns trigger language plpgsql as $$
begin
  insert into deal_due (due_at, deal_id)
    values (case new.status when 1 then new.pay_until else new.status_at + interval '5 minutes' end, new.deal_id)
    on conflict do nothing;
  return null;
end
$$;

insert into deal_due (due_at, deal_id)
  select case status when 1 then pay_until else status_at + interval '5 minutes' end, deal_id
    from deal
   where status in (1, 12);
create trigger placed_deal_is_due after insert on deal referencing new table as written
  for each statement execute function placed_deal_is_due();
create trigger changed_deal_is_due after update of status on deal
  for each row when (new.status in (1, 12) and new.status <> old.status) execute function changed_deal_is_due();
drop index deal_to_expire;
drop index deal_to_recover;
