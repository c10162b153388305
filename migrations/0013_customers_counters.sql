-- Usage belongs to the customer. The rows of counters, ledger, reservations, alerts and reports that name a subscription
-- name the customer's first one, for ever: canceling and starting again finds the same windows, and an idempotency key
-- is the customer's.

-- The subscription under which this customer's usage is counted; null before the first one.
alter table customers add column usage_home uuid;
-- A copy for each subscription, so that counting usage reads no other row.
alter table subscriptions add column usage_home uuid;

-- The present windows stay where they are: those of the live subscription of each product line, or of the latest.
update subscriptions s set usage_home = h.home
from (
  select distinct on (user_id, product_line) user_id, product_line, id as home from subscriptions
  order by user_id, product_line, status in ('canceled', 'incomplete_expired'), created_at desc, id
) h
where h.user_id = s.user_id and h.product_line = s.product_line;
update customers c set usage_home = h.home
from (
  select distinct on (user_id) user_id, usage_home as home from subscriptions
  order by user_id, status in ('canceled', 'incomplete_expired'), product_line, created_at desc, id
) h
where h.user_id = c.user_id;

alter table subscriptions alter column usage_home set not null;
create index subscriptions_of_a_usage_home on subscriptions (usage_home)
  where status not in ('canceled', 'incomplete_expired');
create trigger subscription_counts_for_its_customer before insert on subscriptions
  for each row execute function set_usage_home();

-- The limit as it was answered to the caller, so that a repeat answers the same; null is unlimited, or an older event.
alter table usage_events add column limit_after bigint;
