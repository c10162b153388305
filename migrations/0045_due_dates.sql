-- When an invoice that was sent to its customer has to be paid; null for one that is charged automatically.
alter table invoices add column due_at timestamptz;
