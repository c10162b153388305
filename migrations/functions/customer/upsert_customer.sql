-- may be null: p_email, p_locale, p_time_zone
-- Creates a customer or updates it, and returns it. A null argument keeps the present value; a new customer's locale
-- is `en`.
create or replace function upsert_customer(p_user text, p_email text, p_locale text, p_time_zone text, p_now timestamptz)
returns setof customers language sql set search_path = public, pg_temp as $$
  insert into customers as c (user_id, email, locale, time_zone, created_at)
  values (p_user, p_email, coalesce(p_locale, 'en'), p_time_zone, p_now)
  on conflict (user_id) do update set email = coalesce(p_email, c.email), locale = coalesce(p_locale, c.locale),
    time_zone = coalesce(p_time_zone, c.time_zone)
  returning *
$$;
