/** The columns that hold instants. JSON has no type for them, so their names decide what becomes a date. */
export const INSTANT_COLUMNS: ReadonlySet<string> = new Set([
  'access_until',
  'anchor',
  'applied_at',
  'at',
  'cancel_at',
  'checkout_expires_at',
  'closed_at',
  'coming_back_at',
  'compared_at',
  'created_at',
  'crossed_at',
  'custom_until',
  'delivered_at',
  'disabled_at',
  'due_at',
  'ended_at',
  'ends_at',
  'expires_at',
  'finished_at',
  'failing_since',
  'first_attempt_at',
  'found_at',
  'held_until',
  'last_attempt_at',
  'last_used_at',
  'next_at',
  'next_payment_attempt',
  'occurred_at',
  'oldest_received_at',
  'oldest_queued_at',
  'paid_at',
  'past_due_since',
  'pending_at',
  'period_end',
  'period_start',
  'position',
  'published_at',
  'pushed_at',
  'queued_at',
  'received_at',
  'reported_at',
  'resumes_at',
  'retired_at',
  'revoked_at',
  'seen_at',
  'sent_at',
  'started_at',
  'starts_at',
  'trial_end',
  'updated_at',
  'window_end',
  'window_start',
])

/**
 * A row with dates for its instants, as a connection returns it. Values inside a JSON column stay as they are.
 * @throws RangeError for an integer beyond 2^53, which JSON has rounded.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the columns that the SQL function declares
export function rowFromJson<Row>(json: object): Row {
  const row = Object.fromEntries(
    Object.entries(json).map(([name, value]: [string, unknown]) => [name, fromJson(name, value)]),
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the columns that the SQL function declares
  return row as Row
}

function fromJson(name: string, value: unknown): unknown {
  if (typeof value === 'string' && INSTANT_COLUMNS.has(name)) return new Date(value)
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RangeError(`${name} is ${value}, which does not fit into a safe integer`)
  return value
}
