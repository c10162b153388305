-- The same identity, led by what events are looked up by: with the account first, each such look would read the table.
alter table stripe_events drop constraint stripe_events_pkey;
alter table stripe_events add primary key (event_id, account, livemode);

-- How operators look through the inbox: the newest first, and what is parked by its reason.
create index stripe_events_by_time on stripe_events (received_at desc, event_id desc);
create index stripe_events_parked on stripe_events (reason, received_at) where state = 'parked';
-- What was left out of a subscription at Stripe, should it become known here.
create index stripe_events_left_out on stripe_events ((object_ids ->> 'stripeSubscriptionId'))
  where state = 'parked';

-- A customer who is deleted at Stripe gets another one there; the number makes its key another one too.
alter table customers add column stripe_generation integer not null default 1;
