-- callers: functions
-- Monthly revenue at the list price, in minor units: a twelfth of a yearly price, half a unit rounded up.
--
-- It sets no search_path, so that Postgres inlines it into the calling query.
create or replace function list_monthly_minor(p_price_minor bigint, p_period text, p_quantity bigint) returns bigint
language sql immutable as $$
  select (p_price_minor * p_quantity * 2 / case p_period when 'yearly' then 12 else 1 end + 1) / 2
$$;
