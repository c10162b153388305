-- callers: functions
-- Monthly revenue at the list price, in minor units: the price's share of a month (487 sixteenths of a day, see
-- `period_length`), half a unit rounded up.
--
-- It sets no search_path, so that Postgres inlines it into the calling query.
create or replace function list_monthly_minor(p_price_minor bigint, p_period text, p_quantity bigint) returns bigint
language sql immutable as $$
  select (p_price_minor * p_quantity * 974 / period_length(p_period) + 1) / 2
$$;
