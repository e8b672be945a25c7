-- Why: a refund that the channel refused for a reason that may pass is sent again under its number, and what became of a
-- refund that the channel does not know is said by a person.
alter table payment_refund
  drop constraint payment_refund_state_check,
  add constraint payment_refund_state_check
    check (state in ('stored', 'accepted', 'success', 'failed', 'refused', 'abnormal', 'unknown')),
  -- Who said so; null where the channel did.
  add column settled_by text,
  add check (settled_by is null or state in ('success', 'failed'));
