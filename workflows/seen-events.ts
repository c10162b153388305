import type { Fact } from './contract.ts'

/** A Stripe event that was observed, and when. */
export type SeenEvent = {
  readonly id: string
  /** Absent if the signal did not say it, as the signal of a comparison does not. */
  readonly type?: string | undefined
  /** Milliseconds since 1970. Absent for an event of the previous run that carried only its id. */
  readonly at?: number
}

/** A subscription sees a handful of events in one period. The oldest of more are forgotten. */
const SEEN_MAX = 100
/** Events that the next run knows: the inbox repeats an event within minutes, not in the next period. */
const CARRIED_MAX = 10
/** Events that the next run knows with type and instant, for the card of a run in which nothing happened yet. */
const CARRIED_WHOLE_MAX = 2
/** The end of Stripe's ids is random: 62^8 possibilities, so no two of a hundred are alike. */
const TAIL_LENGTH = 8
/** Instants are carried in seconds, in as few letters as possible. */
const RADIX = 36

/** The start of almost every type, and its abbreviation where it is carried. */
const COMMON = 'customer.subscription.'
const COMMON_IN_SHORT = '~'
/** It is in no id of Stripe and in no type; our own causes are words. */
const SEPARATOR = '|'

/** The part of an id that is carried. Our own causes are no ids of Stripe, and are carried whole. */
const tailOf = (id: string): string => (id.startsWith('evt_') ? id.slice(-TAIL_LENGTH) : id)

/** @returns the ids among these facts that neither this run nor the previous one has observed. */
export function freshEventIds(
  seen: readonly SeenEvent[],
  carried: readonly SeenEvent[],
  facts: readonly Fact[],
): string[] {
  const known = new Set([...carried, ...seen].map(({ id }) => id))
  const ids = new Set(facts.flatMap((fact) => (fact.kind === 'stripeChanged' ? fact.eventIds : [])))
  // Older code carried whole ids.
  return [...ids].filter((id) => !known.has(id) && !known.has(tailOf(id)))
}

/** @returns the type of each event in these facts, by its id, if the signal said it. */
export const typesOf = (facts: readonly Fact[]): ReadonlyMap<string, string> =>
  new Map(
    facts.flatMap((fact) =>
      fact.kind === 'stripeChanged'
        ? fact.eventIds.flatMap((id, index): [string, string][] => {
            const type = fact.types?.[index]
            return type === undefined ? [] : [[id, type]]
          })
        : [],
    ),
  )

/** Adds events, oldest first. Only the last `SEEN_MAX` (100) are kept. */
export const withSeen = (seen: readonly SeenEvent[], more: readonly SeenEvent[]): SeenEvent[] =>
  [...seen, ...more].slice(-SEEN_MAX)

/** Writes the last events for the next run: short, because two histories keep it. */
export function writeCarried(seen: readonly SeenEvent[]): string[] {
  const last = seen.slice(-CARRIED_MAX)
  return last.map(({ id, type, at }, index) => {
    const isWhole = type !== undefined && at !== undefined
    return isWhole && index >= last.length - CARRIED_WHOLE_MAX
      ? [tailOf(id), type.replace(COMMON, COMMON_IN_SHORT), instantOf(at)].join(SEPARATOR)
      : tailOf(id)
  })
}

const instantOf = (at: number): string => Math.trunc(at / 1_000).toString(RADIX)

/** Reads what `writeCarried` wrote, or the ids that older code wrote. */
export const readCarried = (written: readonly string[]): SeenEvent[] =>
  written.map((each) => {
    const [id = '', type, at] = each.split(SEPARATOR)
    return type === undefined || at === undefined
      ? { id: each }
      : { id, type: type.replace(COMMON_IN_SHORT, COMMON), at: Number.parseInt(at, RADIX) * 1_000 }
  })
