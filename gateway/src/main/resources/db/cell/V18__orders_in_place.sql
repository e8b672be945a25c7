-- What an order writes is part of its price: docs/decisions/0030.

-- All orders and attempts of a page change in one transaction, which cannot clear away what it has replaced. So a page has
-- room for a second version of each of its rows; an attempt's is four times as long as its first, since it holds the answer.
alter table payment set (fillfactor = 45);
alter table channel_attempt set (fillfactor = 20);

-- Most orders have no posting yet, or never get one: they need no entry.
alter table payment drop constraint payment_posting_id_key;
create unique index payment_by_posting on payment (posting_id) where posting_id is not null;
