-- Requests to Stripe in classes, so that background work never makes a caller wait: see `ask_stripe_pace`.
create table stripe_pace_classes (
  class text primary key,
  -- From this instant on the class has a turn, however many requests of other classes wait.
  turn_at timestamptz not null default 'epoch',
  -- The last instant given to a request of the class that was sent away.
  coming_back_at timestamptz not null default 'epoch',
  constraint class_is_known check (class in ('caller', 'event', 'background'))
);
insert into stripe_pace_classes (class) values ('caller'), ('event'), ('background');
select close_table('stripe_pace_classes');
