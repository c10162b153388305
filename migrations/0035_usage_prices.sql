-- The price of usage beyond a limit, in the version's currency.

-- `{"model", "unit_amount_decimal", "package_size", "round", "tiers"}`, as in the API; null is no price of ours.
alter table plan_features add column usage_price jsonb,
  add constraint usage_price_needs_billed_overage check (usage_price is null or overage = 'bill'),
  add constraint usage_price_has_a_known_model
    check (usage_price is null or coalesce(usage_price ->> 'model', '') in ('per_unit', 'package', 'graduated', 'volume'));
