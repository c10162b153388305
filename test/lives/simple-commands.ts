/** A request about a subscription, after `/subscriptions/{id}`. */
export type CommandRequest = readonly [method: string, path: string, body?: unknown]

/** The commands that need no more than their name. */
export const SIMPLE_COMMANDS = {
  keep: ['DELETE', '/cancellation'],
  unchange: ['DELETE', '/plan/pending'],
  pause: ['PUT', '/pause', {}],
  resume: ['DELETE', '/pause'],
  end_trial: ['DELETE', '/trial'],
} as const satisfies Record<string, CommandRequest>
