-- Each index and each constraint here is part of the price of a payment: docs/decisions/0021.

-- Nobody asks for legs by what they paid for: whoever does has their posting.
drop index leg_by_subject;

-- A foreign key is asked row by row, and locks what it finds. What is never removed can be asked for once per statement.
create function refuse_removal() returns trigger language plpgsql as $$
begin
  raise restrict_violation using message = format('rows of %s stay', tg_table_name), table = tg_table_name;
end
$$;

create function leg_has_posting() returns trigger language plpgsql set enable_seqscan = off as $$
declare
  ids bigint[] := array(select distinct posting_id from written);
begin
  if (select count(*) from posting where posting_id = any (ids)) < cardinality(ids) then
    raise foreign_key_violation
      using message = 'a leg without its posting', constraint = 'leg_has_posting', table = tg_table_name;
  end if;
  return null;
end
$$;

alter table leg drop constraint leg_posting_id_fkey;
create trigger leg_has_posting after insert on leg referencing new table as written
  for each statement execute function leg_has_posting();
create trigger posting_stays before delete or truncate on posting
  for each statement execute function refuse_removal();
