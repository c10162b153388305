-- never null: all
-- Stores the identities of a subscription's trial, and returns the kinds that count and belong to another subscription's
-- trial. None is returned for a trial that an operator allowed, that was imported, or that began before identities were
-- stored. Running it twice stores nothing more and returns the same.
-- p_identities: [{kind, hash, is_stored, counts}]
-- p_begins: whether the trial begins with this step.
-- An insert of the same identity in another transaction is waited for, so one of two subscriptions gets it. All lock in the
-- same order.
create or replace function record_trial_identities(
  p_subscription uuid, p_product_line text, p_identities jsonb, p_begins boolean, p_now timestamptz
) returns setof text language plpgsql set search_path = public, pg_temp as $$
declare
  v_is_accepted boolean;
begin
  select bool_or(own.kind = 'offer') or not (p_begins or count(*) > 0)
    or exists (select from subscription_changes c where c.subscription_id = p_subscription and c.kind = 'imported')
  into v_is_accepted
  from trial_identities own where own.subscription_id = p_subscription;
  insert into trial_identities (product_line, kind, hash, subscription_id, recorded_at)
  select p_product_line, i.kind, i.hash, p_subscription, p_now
  from jsonb_to_recordset(p_identities) as i(kind text, hash text, is_stored boolean)
  where i.is_stored order by i.kind, i.hash
  on conflict do nothing;
  if not coalesce(v_is_accepted, false) then
    return query
    select distinct i.kind from jsonb_to_recordset(p_identities) as i(kind text, hash text, counts boolean)
    join trial_identities t on t.product_line = p_product_line and t.kind = i.kind and t.hash = i.hash
    where i.counts and t.subscription_id is distinct from p_subscription;
  end if;
end $$;
