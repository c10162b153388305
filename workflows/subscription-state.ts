import type { Answer, Fact, SubscriptionInput, SubscriptionView } from './contract.ts'
import type { Thread } from './thread.ts'

/** A subscription sees a handful of events in one period; of more the oldest are forgotten. */
const SEEN_EVENTS_MAX = 100
/** What the next run is told of them: the inbox tells an event again within minutes, not in the next period. */
const SEEN_EVENTS_CARRIED_MAX = 10
/** A caller repeats its last command, hardly one of ten commands ago. */
const ANSWERS_MAX = 10
/** A caller that hears nothing repeats its command within minutes; a day is as long as Stripe promises for its own keys. */
const ANSWERS_CARRIED_MS = 24 * 60 * 60_000

/** What a run works on. */
export type SubscriptionState = {
  readonly subscriptionId: string
  readonly userId: string
  view: SubscriptionView | null
  /** Commands that failed for good: none of their keys is used again. */
  spentKeys: number
  /** What it begins with when it was not sold here. */
  readonly adopts: string | undefined
  /** Events that this run took in. */
  seenEventIds: string[]
  /** Those that the run before it took in. */
  readonly seenBefore: readonly string[]
  answers: NonNullable<SubscriptionInput['answers']>
  facts: Fact[]
  /** What each fact of this run is part of; those of the run before have lost it. */
  readonly threads: WeakMap<Fact, Thread>
}

/** The state that a run starts with. A new `stateVersion` is read here beside the old ones, and written by `handOver`. */
export function resume(input: SubscriptionInput): SubscriptionState {
  return {
    subscriptionId: input.subscriptionId,
    userId: input.userId,
    view: input.view,
    adopts: input.adopts,
    spentKeys: input.spentKeys ?? 0,
    seenEventIds: [],
    seenBefore: input.seenEventIds ?? [],
    answers: input.answers ?? [],
    facts: [...(input.facts ?? [])],
    threads: new WeakMap(),
  }
}

/** All that this run knows, for an operator. */
export function leave(state: SubscriptionState) {
  const { threads: _, ...known } = state
  return { stateVersion: 1 as const, ...known }
}

/** What these facts are part of: several that are taken in together go with the first. */
export const threadOf = (state: SubscriptionState, [first]: readonly Fact[]): Thread =>
  (first && state.threads.get(first)) ?? ((step) => step())

/**
 * What the next run has to know. It is written into two histories, so what is empty is left out, and so is what nobody
 * asks for any more.
 */
export function handOver(state: SubscriptionState, now: number): SubscriptionInput {
  const { subscriptionId, userId, view, facts } = state
  const seenEventIds = state.seenEventIds.slice(-SEEN_EVENTS_CARRIED_MAX)
  const answers = state.answers.filter(({ at }) => now - Date.parse(at) < ANSWERS_CARRIED_MS)
  return {
    stateVersion: 1,
    subscriptionId,
    userId,
    view,
    ...(state.spentKeys > 0 && { spentKeys: state.spentKeys }),
    ...(seenEventIds.length > 0 && { seenEventIds }),
    ...(answers.length > 0 && { answers }),
    ...(facts.length > 0 && { facts }),
  }
}

/** The ids among these facts that were not taken in before. */
export function freshEventIds(state: SubscriptionState, facts: readonly Fact[]): string[] {
  const known = new Set([...state.seenBefore, ...state.seenEventIds])
  const ids = new Set(facts.flatMap((fact) => (fact.kind === 'stripeChanged' ? fact.eventIds : [])))
  return [...ids].filter((id) => !known.has(id))
}

/** The subscription of Stripe's that these facts say is ours. */
export const joinedBy = (facts: readonly Fact[]): string | undefined =>
  facts.map((fact) => (fact.kind === 'stripeChanged' ? fact.joins : undefined)).find(Boolean)

/** Called once an observation is committed: one that failed is told again by the inbox, and must not be taken for old. */
export function takeIn(state: SubscriptionState, eventIds: readonly string[]): void {
  state.seenEventIds = [...state.seenEventIds, ...eventIds].slice(-SEEN_EVENTS_MAX)
}

export function remember(
  state: SubscriptionState,
  { commandId, answer, at }: { commandId: string; answer: Answer; at: string },
): void {
  state.answers = [...state.answers, { commandId, answer, at }].slice(-ANSWERS_MAX)
}

/** Canceled or expired: nothing follows. */
export const isOver = (state: SubscriptionState): boolean => state.view?.over === true
