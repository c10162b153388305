-- Each entry of a timeline says how the subscription was after it; the code has always relied on that.
alter table subscription_changes alter column after set not null;
