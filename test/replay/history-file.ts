import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import proto, { type temporal } from '@temporalio/proto'

const { History } = proto.temporal.api.history.v1

export const HISTORIES = join(import.meta.dirname, 'histories')

/** Stores a history as JSON, one event a line, so that diffs are readable. */
export function writeHistory(name: string, history: temporal.api.history.v1.IHistory): void {
  const { events } = History.toObject(History.fromObject(history), {
    longs: String,
    enums: String,
    bytes: String,
  })
  const lines = (events as object[]).map((event) => JSON.stringify(event))
  writeFileSync(join(HISTORIES, name), `{"events":[\n${lines.join(',\n')}\n]}\n`)
}

/** @param change edits the text first, as a test of the test. */
export function readHistory(
  name: string,
  change = (text: string) => text,
): temporal.api.history.v1.History {
  return History.fromObject(JSON.parse(change(readFileSync(join(HISTORIES, name), 'utf8'))))
}

type Events = temporal.api.history.v1.IHistoryEvent[]

/** Removes everything that only a server with time skipping writes: those events, and two fields of the first one. */
export function withoutTravel(history: temporal.api.history.v1.IHistory): { events: Events } {
  const events = (history.events ?? []).filter(
    (event) =>
      !event.workflowExecutionOptionsUpdatedEventAttributes &&
      !event.workflowExecutionTimeSkippingTransitionedEventAttributes,
  )
  return {
    events: events.map((event) => {
      const { workflowExecutionStartedEventAttributes: started } = event
      if (!started) return event
      const plain = { ...started, timeSkippingConfig: null, timeSkippingStatePropagation: null }
      return { ...event, workflowExecutionStartedEventAttributes: plain }
    }),
  }
}

export const sizeOf = (history: temporal.api.history.v1.IHistory): number =>
  History.encode(history).finish().byteLength

/** Events that Temporal charges as Actions. */
const ACTIONS = [
  'workflowExecutionStartedEventAttributes',
  'workflowExecutionSignaledEventAttributes',
  'workflowExecutionUpdateAcceptedEventAttributes',
  'activityTaskScheduledEventAttributes',
  'timerStartedEventAttributes',
  'upsertWorkflowSearchAttributesEventAttributes',
] as const

export const isAction = (event: Events[number]): boolean =>
  ACTIONS.some((action) => Boolean(event[action]))
