-- needed by: tables
--
-- One number per counter, for the index that finds a counter's ledger entries. Immutable: the index is built on its
-- values, so a different rule needs a new name and a new index.
--
-- The index must not begin with the subscription: Postgres would then use it to look up idempotency keys, and read all
-- events of the subscription each time.
create or replace function usage_counter(p_subscription uuid, p_feature uuid) returns bigint
language sql immutable parallel safe
return uuid_hash_extended(p_subscription, uuid_hash_extended(p_feature, 0));
