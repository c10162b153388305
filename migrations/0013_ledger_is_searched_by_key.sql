-- A key is looked up in the ledger by its primary key alone. A partition that is new, or that nobody analysed yet, gives
-- the planner no reason to prefer that over an index which begins with the subscription as well, and then each lookup
-- reads all events of the subscription: one busy customer took milliseconds per event. This index serves questions about
-- one feature; led by it, it is of no use for a key.

drop index usage_events_of_a_feature;
create index usage_events_of_a_feature on usage_events (feature_id, subscription_id, occurred_at);
