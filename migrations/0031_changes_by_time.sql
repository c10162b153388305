-- The movements of revenue read the timeline entries of some months, of all subscriptions. Entries are added in the order of
-- their time and never change, so ranges of pages are enough: a kilobyte for 100,000 entries, and nothing to write for each.
create index subscription_changes_by_time on subscription_changes using brin (at)
  with (pages_per_range = 32, autosummarize = on);
