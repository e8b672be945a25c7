-- Why: a call of the gateway names merchants by their public ids alone; this tells in which cell they live.
-- A provider lives in one cell with its sub-merchants and their shops. Written before the cell, as for owners.
create table merchant_id (
  kind    text not null check (kind in ('provider', 'sub_merchant', 'shop')),
  id      text collate "C" not null check (length(id) between 1 and 32),
  cell_id int not null references cell,
  primary key (kind, id)
);
