-- Why: ids are made in Java, from blocks; this is where a node fetches its next block.
create table id_block (
  name text collate "C" primary key,
  next bigint not null check (next > 0)
);
