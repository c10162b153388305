-- A raised limit arms its thresholds again: an alert is one of its window, threshold and limit.
alter table usage_alerts drop constraint usage_alerts_pkey;
alter table usage_alerts add primary key (subscription_id, feature_id, window_start, threshold, quota_limit);
