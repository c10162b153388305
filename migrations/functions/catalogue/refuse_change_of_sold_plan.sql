-- needed by: tables
--
-- A plan with a published version keeps its slug, product line and kind: subscriptions carry a copy of the product line, and hold
-- plans and add-ons apart.
create or replace function refuse_change_of_sold_plan() returns trigger language plpgsql as $$
begin
  if (new.id, new.slug, new.product_line, new.kind) is distinct from (old.id, old.slug, old.product_line, old.kind)
     and exists (select from plan_versions v where v.plan_id = old.id and v.published_at is not null) then
    raise exception 'plan % was published: its slug, product line and kind cannot change', old.slug
      using errcode = 'check_violation', constraint = 'published_plans_keep_slug_and_line';
  end if;
  return new;
end $$;
