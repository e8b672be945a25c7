-- Why: notices that no merchant has taken are counted every few seconds, among all that were ever taken.
create index merchant_notice_is_undelivered on merchant_notice (notice_id) where state = 'undelivered';
