-- callers: functions
-- Monthly revenue of a subscription in minor units: price times quantity, and that of its add-ons, minus the discount; of it the
-- share of a month (487 sixteenths of a day, see `period_length`), half a unit rounded up. A discount counts until it ends.
--
-- It sets no search_path, so that Postgres inlines it into the calling query.
create or replace function monthly_minor(p_subscription subscriptions, p_version plan_versions, p_now timestamptz) returns bigint
language sql stable as $$
  select case
    when p_subscription.discount is null or (p_subscription.discount ->> 'endsAt')::timestamptz <= p_now
    then ((p_version.price_minor * p_subscription.quantity + case when p_subscription.addons <> '[]' then addons_minor(p_subscription.addons) else 0 end) * 974 / period_length(p_version.period) + 1) / 2
    else round(greatest(0,
        (p_version.price_minor * p_subscription.quantity + case when p_subscription.addons <> '[]' then addons_minor(p_subscription.addons) else 0 end)::numeric
          * (100 - coalesce((p_subscription.discount ->> 'percentOff')::numeric, 0)) / 100
        - case when p_subscription.discount ->> 'currency' is null
            or p_subscription.discount ->> 'currency' = p_version.currency
          then coalesce((p_subscription.discount ->> 'amountOffMinor')::bigint, 0) else 0 end)
      * 487 / period_length(p_version.period))::bigint
  end
$$;
