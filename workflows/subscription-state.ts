import type {
  Answer,
  AttributeOfView,
  BriefView,
  Fact,
  SubscriptionInput,
  SubscriptionView,
} from './contract.ts'
import { readCarried, withSeen, writeCarried, type SeenEvent } from './seen-events.ts'
import { NO_TRACE, type TraceScope } from './trace-scope.ts'

/** A caller repeats its last command, hardly one of ten commands ago. */
const ANSWERS_MAX = 10
/** A caller without an answer repeats its command within minutes. Stripe keeps its own keys for a day, too. */
const ANSWERS_CARRIED_MS = 24 * 60 * 60_000

/** The state of one run. The `state` query shows its field names, except `threads`. */
export type SubscriptionState = {
  readonly subscriptionId: string
  readonly userId: string
  view: SubscriptionView | null
  /** The number of commands that failed permanently. None of their idempotency keys is used again. */
  spentKeys: number
  /** The subscription at Stripe that this one imports, if it was not sold here. */
  readonly adopts: string | undefined
  /** Events that this run has observed. */
  seen: readonly SeenEvent[]
  /** Events that the previous run has observed. */
  readonly seenBefore: readonly SeenEvent[]
  answers: NonNullable<SubscriptionInput['answers']>
  facts: Fact[]
  /** The trace of each fact of this run. Facts of the previous run have lost theirs. */
  readonly threads: WeakMap<Fact, TraceScope>
}

/**
 * Restores the state at the start of a run. It reads each `stateVersion`; `stateForNextRun` writes the newest.
 * @param attributes the part of the view that the run's search attributes hold.
 */
export function restoreState(
  input: SubscriptionInput,
  attributes: Pick<SubscriptionView, AttributeOfView>,
): SubscriptionState {
  return {
    subscriptionId: input.subscriptionId,
    userId: input.userId,
    view: input.view && { ...attributes, ...input.view },
    adopts: input.adopts,
    spentKeys: input.spentKeys ?? 0,
    seen: [],
    seenBefore: readCarried(input.seenEventIds ?? []),
    answers: input.answers ?? [],
    facts: [...(input.facts ?? [])],
    threads: new WeakMap(),
  }
}

/** Everything that this run knows, for the `state` query. */
export function describeState(state: SubscriptionState) {
  const { threads: _, ...known } = state
  return { stateVersion: 1 as const, ...known }
}

/** The trace of the first of these facts; facts that are observed together share it. */
export const traceOf = (state: SubscriptionState, [first]: readonly Fact[]): TraceScope =>
  (first && state.threads.get(first)) ?? NO_TRACE

/** The view without the part that the search attributes of the next run hold. */
export function briefViewOf(view: SubscriptionView): BriefView {
  const { plan: _, planVersion: __, periodEnd: ___, stripeCustomerId: ____, ...rest } = view
  return rest
}

/**
 * The input of the next run, or the result of the last one. Two histories keep it, so empty fields and old answers are
 * left out.
 * @param now milliseconds since 1970.
 */
export function stateForNextRun(state: SubscriptionState, now: number): SubscriptionInput {
  const { subscriptionId, userId, view, facts } = state
  const seenEventIds = writeCarried(state.seen)
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

/** The subscription at Stripe that belongs to this one, if one of these facts names it. */
export const joinedBy = (facts: readonly Fact[]): string | undefined =>
  facts.map((fact) => (fact.kind === 'stripeChanged' ? fact.joins : undefined)).find(Boolean)

/**
 * Remembers observed events. Call it only after the observation is committed: the inbox forwards an event whose
 * observation failed again, and that must not look like a repeat.
 */
export function rememberEvents(
  state: SubscriptionState,
  eventIds: readonly string[],
  types: ReadonlyMap<string, string>,
): void {
  const at = Date.now()
  const events = eventIds.map((id) => ({ id, at, type: types.get(id) }))
  state.seen = withSeen(state.seen, events)
}

/** Keeps an answer for a repeat of its command. Only the last `ANSWERS_MAX` (10) are kept. `at` is ISO 8601. */
export function rememberAnswer(
  state: SubscriptionState,
  { commandId, answer, at }: { commandId: string; answer: Answer; at: string },
): void {
  state.answers = [...state.answers, { commandId, answer, at }].slice(-ANSWERS_MAX)
}

/** Canceled or expired: nothing follows. */
export const isOver = (state: SubscriptionState): boolean => state.view?.over === true
