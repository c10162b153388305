/** The load: enough callers at once to keep two cores busy, for long enough that a round is more than its start. */
export const SETTING = {
  rounds: 3,
  /** One measurement. */
  seconds: 4,
  /** Before each measurement: connections, caches and compiled code. */
  warmUpSeconds: 1,
  /** Callers at once, over HTTP and in process alike. */
  connections: 128,
  /** Customers of the spread load. */
  customers: 1_000,
  /** Events in one call of `POST /usage/batch`, the most that it takes, and calls of it at once. */
  batchEvents: 1_000,
  batchConnections: 4,
  /** No quota ends in this bench but the one that shall. */
  quota: 1_000_000_000,
  /** Of the customer at whom overshoot would show. */
  smallQuota: 2_000,
} as const

export const userName = (index: number) => `bench-${index}`
export const HOT_USER = 'bench-hot'
export const LIMITED_USER = 'bench-limited'
export const FEATURE = 'messages_sent'
export const WEBHOOK_SECRET = 'whsec_bench'
