-- callers: functions
-- The length of a billing period in sixteenths of a day, as `lengthOf` of `domain/catalogue/period.ts`: a year has 365.25
-- days, a month is a twelfth of it.
--
-- It sets no search_path, so that Postgres inlines it into the calling query.
create or replace function period_length(p_period text) returns bigint
language sql immutable as $$
  select case p_period when 'monthly' then 487 when 'yearly' then 5844 else
    split_part(p_period, ' ', 1)::bigint * case rtrim(split_part(p_period, ' ', 2), 's')
      when 'day' then 16 when 'week' then 112 when 'month' then 487 when 'year' then 5844 end
  end
$$;
