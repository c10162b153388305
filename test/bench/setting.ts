/** The load: enough callers to keep two cores busy, and rounds long enough that their start does not dominate. */
export const SETTING = {
  rounds: 3,
  /** The duration of one measurement. */
  seconds: 4,
  /** The warm-up before each measurement: connections, caches and compiled code. */
  warmUpSeconds: 1,
  /** Parallel callers, over HTTP and in process alike. */
  connections: 128,
  /** Customers of the spread load. */
  customers: 1_000,
  /** Events in one call of `POST /usage/batch`, its maximum, and the number of parallel calls. */
  batchEvents: 1_000,
  batchConnections: 4,
  /** Larger than any load, so that only the limited customer reaches a limit. */
  quota: 1_000_000_000,
  /** The quota of the customer that would show overshoot. */
  smallQuota: 2_000,
} as const

export const userName = (index: number) => `bench-${index}`
export const HOT_USER = 'bench-hot'
export const LIMITED_USER = 'bench-limited'
export const FEATURE = 'messages_sent'
export const WEBHOOK_SECRET = 'whsec_bench'
