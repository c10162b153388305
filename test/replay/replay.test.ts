import { readdirSync } from 'node:fs'
import { Worker } from '@temporalio/worker'
import { describe, expect, inject, test } from 'vitest'
import { HISTORIES, isAction, readHistory, sizeOf, withoutTravel } from './history-file.ts'

/** Histories of released versions. Changed workflow code must make the same decisions for all of them. */
const names = readdirSync(HISTORIES).filter((name) => name.endsWith('.json'))

/** Tracing may be switched on and off at any point of a workflow. */
const BUNDLES = ['workflowBundle', 'tracedBundle'] as const

/** Discards spans. */
const NO_SPANS = { exporter: { export: { fn: () => undefined } } }

const replay = (history: ReturnType<typeof readHistory>, bundle: (typeof BUNDLES)[number]) =>
  Worker.runReplayHistory(
    { workflowBundle: { codePath: inject(bundle) }, sinks: NO_SPANS },
    history,
  )

describe.each(BUNDLES)('the present code, as %s,', (bundle) => {
  test('has histories of each way through a life', () => {
    expect(names.length).toBeGreaterThanOrEqual(10)
  })

  test.each(names)('replays %s', async (name) => {
    await expect(replay(readHistory(name), bundle)).resolves.toBeUndefined()
  })

  test('is not said to replay what it would decide otherwise', async () => {
    const changed = readHistory('free-then-paid-1.json', (text) =>
      text.replaceAll('"startFree"', '"startElse"'),
    )
    await expect(replay(changed, bundle)).rejects.toThrow(/startFree|startElse/)
  })
})

describe.each([
  ['a free plan', 'free-then-paid-2.json'],
  ['a paid plan', 'paid-and-renewed-3.json'],
])('a plain renewal of %s', (_plan, name) => {
  const history = withoutTravel(readHistory(name))

  test('takes at most 4 actions and 20 events', () => {
    const actions = history.events.filter(isAction)
    expect(actions.length).toBeLessThanOrEqual(4)
    expect(history.events.length).toBeLessThanOrEqual(20)
  })

  test('is a whole period, and takes at most 4 KiB', () => {
    expect(history.events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes).toBeTruthy()
    expect(history.events[0]?.workflowExecutionStartedEventAttributes?.initiator).toBe(1)
    expect(sizeOf(history)).toBeLessThanOrEqual(4 * 1_024)
  })
})
