-- A reference is checked by locking the row that it names. Usage that holds its window must not wait for its
-- subscription, because a workflow's step holds the subscription while it waits for the window: Postgres would end one of
-- the two. (A row that is updated twice in one transaction is checked again, so counting in turn waited too.) Windows are
-- opened by a function that reads the subscription, reservations below a window, and subscriptions are never deleted.

alter table feature_usage drop constraint feature_usage_subscription_id_fkey;
alter table usage_reservations drop constraint usage_reservations_subscription_id_fkey;
alter table usage_overage_reports drop constraint usage_overage_reports_subscription_id_fkey;
