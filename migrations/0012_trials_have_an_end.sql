-- A trialing subscription has the end of its trial. Stripe's first period of a trial is the trial itself, so that period's
-- end stands in where an older build stored none.
update subscriptions set trial_end = period_end where status = 'trialing' and trial_end is null;
alter table subscriptions
  add constraint trialing_has_an_end check (status <> 'trialing' or trial_end is not null);
