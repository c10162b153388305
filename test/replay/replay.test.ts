import { readdirSync } from 'node:fs'
import { Worker } from '@temporalio/worker'
import { describe, expect, inject, test } from 'vitest'
import { HISTORIES, readHistory, sizeOf } from './history-file.ts'

/** What workflows of released versions have done. A change of their code must decide all of it alike. */
const names = readdirSync(HISTORIES).filter((name) => name.endsWith('.json'))

const replay = (history: ReturnType<typeof readHistory>) =>
  Worker.runReplayHistory({ workflowBundle: { codePath: inject('workflowBundle') } }, history)

describe('the present code', () => {
  test('has histories of each way through a life', () => {
    expect(names.length).toBeGreaterThanOrEqual(10)
  })

  test.each(names)('replays %s', async (name) => {
    await expect(replay(readHistory(name))).resolves.toBeUndefined()
  })

  test('is not said to replay what it would decide otherwise', async () => {
    const changed = readHistory('free-then-paid-1.json', (text) =>
      text.replaceAll('"startFree"', '"startElse"'),
    )
    await expect(replay(changed)).rejects.toThrow(/startFree|startElse/)
  })
})

describe('a plain renewal', () => {
  const actions = [
    'workflowExecutionStartedEventAttributes',
    'workflowExecutionSignaledEventAttributes',
    'activityTaskScheduledEventAttributes',
    'timerStartedEventAttributes',
    'upsertWorkflowSearchAttributesEventAttributes',
  ] as const

  test('of a free plan takes at most 4 actions, 20 events and 6 KiB', () => {
    const history = readHistory('free-then-paid-2.json')
    const count = history.events.filter((event) => actions.some((action) => event[action])).length
    expect(count).toBeLessThanOrEqual(4)
    expect(history.events.length).toBeLessThanOrEqual(20)
    expect(sizeOf(history)).toBeLessThanOrEqual(6 * 1_024)
  })
})
