-- What was asked for and has not happened yet: a plan that is scheduled or waits to be paid, a pause that ends by itself.

alter table subscriptions
  add column pending_kind text,
  add column pending_plan_version_id uuid references plan_versions (id),
  add column pending_at timestamptz,
  add column pending_payment_url text,
  add column resumes_at timestamptz,
  add constraint pending_kind_is_known check (pending_kind in ('scheduled', 'awaiting_payment')),
  add constraint pending_change_is_whole check (
    (pending_kind is null) = (pending_plan_version_id is null)
    and (pending_kind is null) = (pending_at is null)
    and (pending_kind is not null or pending_payment_url is null)),
  add constraint only_the_paused_resume check (resumes_at is null or status = 'paused');

-- Which status may follow which. `domain/subscription/commands.ts` holds the same table, and a test compares the two.
create table status_transitions (
  before text not null,
  after text not null,
  primary key (before, after)
);
insert into status_transitions (before, after) values
  ('incomplete', 'trialing'), ('incomplete', 'active'), ('incomplete', 'past_due'), ('incomplete', 'paused'),
  ('incomplete', 'canceled'), ('incomplete', 'incomplete_expired'), ('incomplete', 'unpaid'),
  ('trialing', 'active'), ('trialing', 'past_due'), ('trialing', 'unpaid'), ('trialing', 'paused'), ('trialing', 'canceled'),
  ('active', 'trialing'), ('active', 'past_due'), ('active', 'unpaid'), ('active', 'paused'), ('active', 'canceled'),
  ('past_due', 'trialing'), ('past_due', 'active'), ('past_due', 'unpaid'), ('past_due', 'paused'), ('past_due', 'canceled'),
  ('unpaid', 'trialing'), ('unpaid', 'active'), ('unpaid', 'past_due'), ('unpaid', 'paused'), ('unpaid', 'canceled'),
  ('paused', 'trialing'), ('paused', 'active'), ('paused', 'past_due'), ('paused', 'unpaid'), ('paused', 'canceled');

create function refuse_impossible_transition() returns trigger language plpgsql as $$
begin
  if old.status <> new.status
     and not exists (select from status_transitions t where t.before = old.status and t.after = new.status) then
    raise exception 'a subscription that is % cannot become %', old.status, new.status
      using errcode = 'check_violation', constraint = 'status_follows_the_rules';
  end if;
  return new;
end $$;

create trigger status_follows_the_rules before update of status on subscriptions
  for each row execute function refuse_impossible_transition();
