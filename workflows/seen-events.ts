import type { Fact } from './contract.ts'

/** An event that was taken in, and when. Its type is missing where whoever told of it did not say, as a comparison does not. */
export type SeenEvent = {
  readonly id: string
  readonly type?: string | undefined
  readonly at?: number
}

/** A subscription sees a handful of events in one period; of more the oldest are forgotten. */
const SEEN_MAX = 100
/** What the next run is told of them: the inbox tells an event again within minutes, not in the next period. */
const CARRIED_MAX = 10
/** Of so many the next run knows type and instant as well, for the card of a period in which nothing happened yet. */
const CARRIED_WHOLE_MAX = 2
/** The end of one of Stripe's ids is random: 62^8 of them, so that no two of a hundred are alike. */
const TAIL_LENGTH = 8
/** Instants are carried in seconds, written in as few letters as possible. */
const RADIX = 36

/** How almost every type begins, and what stands for it where it is carried. */
const COMMON = 'customer.subscription.'
const COMMON_IN_SHORT = '~'
/** In no id and no type; an occasion of ours has words. */
const SEPARATOR = '|'

/** What is left of an id where two histories keep it. An occasion of ours is no id of Stripe's, and stays whole. */
const tailOf = (id: string): string => (id.startsWith('evt_') ? id.slice(-TAIL_LENGTH) : id)

/** The ids among these facts that were not taken in before, in this run or in the one before it. */
export function freshEventIds(
  seen: readonly SeenEvent[],
  carried: readonly SeenEvent[],
  facts: readonly Fact[],
): string[] {
  const known = new Set([...carried, ...seen].map(({ id }) => id))
  const ids = new Set(facts.flatMap((fact) => (fact.kind === 'stripeChanged' ? fact.eventIds : [])))
  // Older code carried ids as they are.
  return [...ids].filter((id) => !known.has(id) && !known.has(tailOf(id)))
}

/** The types of the events that these facts tell of, where they say so. */
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

export const withTaken = (seen: readonly SeenEvent[], taken: readonly SeenEvent[]): SeenEvent[] =>
  [...seen, ...taken].slice(-SEEN_MAX)

/** As the next run is told: short, because two histories keep it. */
export function carry(seen: readonly SeenEvent[]): string[] {
  const last = seen.slice(-CARRIED_MAX)
  return last.map(({ id, type, at }, index) => {
    const isWhole = type !== undefined && at !== undefined
    return isWhole && index >= last.length - CARRIED_WHOLE_MAX
      ? [tailOf(id), type.replace(COMMON, COMMON_IN_SHORT), instantOf(at)].join(SEPARATOR)
      : tailOf(id)
  })
}

const instantOf = (at: number): string => Math.trunc(at / 1_000).toString(RADIX)

/** What `carry` wrote, or ids as older code did. */
export const carried = (written: readonly string[]): SeenEvent[] =>
  written.map((each) => {
    const [id = '', type, at] = each.split(SEPARATOR)
    return type === undefined || at === undefined
      ? { id: each }
      : { id, type: type.replace(COMMON_IN_SHORT, COMMON), at: Number.parseInt(at, RADIX) * 1_000 }
  })
