-- A billing period may have any length that Stripe allows: `monthly`, `yearly`, or such as `3 months`, at most three years.
-- Each length has one form (`domain/catalogue/period.ts`): seven days are a week, twelve months a year.
alter table plan_versions drop constraint plan_period_is_known,
  add constraint plan_period_is_known check (period in ('monthly', 'yearly', '1 day', '1 week')
    or period ~ '^([2-9]|[1-9][0-9]{1,3}) (days|weeks|months)$' or period in ('2 years', '3 years')),
  add constraint plan_period_is_at_most_three_years check (case split_part(period, ' ', 2)
    when 'days' then split_part(period, ' ', 1)::integer <= 1095
    when 'weeks' then split_part(period, ' ', 1)::integer <= 156
    when 'months' then split_part(period, ' ', 1)::integer <= 36
    else true end);
