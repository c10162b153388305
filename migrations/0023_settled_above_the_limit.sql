-- A reservation may be settled above what is left: the work is done, so it is counted, as overage.

-- `overflow` counts such an amount, `strict` refuses it; null is the deployment's policy.
alter table plan_features add column settle text,
  add constraint settle_is_known check (settle in ('strict', 'overflow'));
-- The part of `settled_amount` beyond the limit and all grants; null while it is held.
alter table usage_reservations add column overage_amount bigint;
