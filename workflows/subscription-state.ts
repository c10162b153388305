import type { Answer, Fact, SubscriptionInput, SubscriptionView } from './contract.ts'

/** Stripe repeats a delivery for three days at most, but a subscription sees only a handful of events in them. */
const SEEN_EVENTS_MAX = 100
/** A caller repeats its last command, hardly one of ten commands ago. */
const ANSWERS_MAX = 10

/** What a run works on. */
export type SubscriptionState = {
  readonly subscriptionId: string
  readonly userId: string
  view: SubscriptionView | null
  seenEventIds: string[]
  answers: { readonly commandId: string; readonly answer: Answer }[]
  facts: Fact[]
}

/** The state that a run starts with. A new `stateVersion` is read here beside the old ones, and written by `leave`. */
export function resume(input: SubscriptionInput): SubscriptionState {
  return {
    subscriptionId: input.subscriptionId,
    userId: input.userId,
    view: input.view,
    seenEventIds: [...input.seenEventIds],
    answers: [...input.answers],
    facts: [...input.facts],
  }
}

/** The state as the next run, or an operator, gets it. */
export const leave = (state: SubscriptionState): SubscriptionInput => ({
  stateVersion: 1,
  ...state,
})

/** The ids among these facts that were not taken in before. */
export function freshEventIds(state: SubscriptionState, facts: readonly Fact[]): string[] {
  const ids = new Set(facts.flatMap((fact) => (fact.kind === 'stripeChanged' ? fact.eventIds : [])))
  return [...ids].filter((id) => !state.seenEventIds.includes(id))
}

/** Called once an observation is committed: one that failed is told again by the inbox, and must not be taken for old. */
export function takeIn(state: SubscriptionState, eventIds: readonly string[]): void {
  state.seenEventIds = [...state.seenEventIds, ...eventIds].slice(-SEEN_EVENTS_MAX)
}

export function remember(state: SubscriptionState, commandId: string, answer: Answer): void {
  state.answers = [...state.answers, { commandId, answer }].slice(-ANSWERS_MAX)
}

/** Canceled or expired: nothing follows. */
export const isOver = (state: SubscriptionState): boolean => state.view?.over === true
