-- callers: functions
-- Over a window of requests in the order of arrival: the counter after each of them. It accepts whatever still fits, also
-- after a request that did not. A null limit is unlimited.
create or replace aggregate usage_that_fits(p_used bigint, p_amount bigint, p_limit bigint) (sfunc = usage_after, stype = bigint);
