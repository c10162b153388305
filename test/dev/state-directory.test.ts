import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStackClock } from '../../dev/clock.ts'
import { spawnLeashed } from '../../dev/leash.ts'
import { awaitLeftovers } from '../../dev/leftovers.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { claimInstance } from '../../dev/single-instance.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'perennial-state-'))
})

afterEach(async () => {
  await rm(directory, { recursive: true })
})

test('two stacks cannot share a directory, one after the other can', async () => {
  const file = join(directory, 'instance.json')
  const first = await claimInstance(file)
  await expect(claimInstance(file)).rejects.toThrow(
    new RegExp(`already running here, as process ${process.pid}`),
  )
  await first.stop()
  const second = await claimInstance(file)
  await second.stop()
})

test('the claim of a killed stack does not hold, even if other processes have its id and port now', async () => {
  const file = join(directory, 'instance.json')
  const claim = { pid: process.pid, port: await anyFreePort(), token: 'of somebody long gone' }
  await writeFile(file, JSON.stringify(claim))
  const part = await claimInstance(file)
  await expect(claimInstance(file)).rejects.toThrow(/already running/)
  await part.stop()
})

test('a start waits until the leftovers of an earlier one have ended', async () => {
  const file = join(directory, 'processes')
  const left = spawnLeashed({
    name: 'left',
    command: '/bin/sh',
    args: ['-c', 'echo ready; sleep 600'],
    stopSignal: 'TERM',
    graceSeconds: 5,
  })
  await left.lineMatching(/ready/, 10_000)
  const { note } = await awaitLeftovers(file, (line) => expect.fail(line))
  await note(left.pid)

  const order: string[] = []
  const waiting = awaitLeftovers(file, (line) => {
    order.push(line)
    void left.stop()
  }).then(() => order.push('advanced'))
  void left.exited.then(() => order.push('ended'))
  await Promise.all([waiting, left.exited])
  expect(order[0]).toMatch(/^Waiting for/)
  expect(order).toContain('advanced')
})

test('the clock runs, moves ahead only, and keeps its offset across restarts', async () => {
  const file = join(directory, 'clock.json')
  const clock = openStackClock(file)
  const before = Date.now()
  await clock.advance(30 * DAY_MS)
  await clock.advance(1 * DAY_MS)
  const reopened = openStackClock(file)
  expect(reopened.now().getTime()).toBeGreaterThanOrEqual(before + 31 * DAY_MS)
  expect(reopened.now().getTime()).toBeLessThan(Date.now() + 31 * DAY_MS + 1_000)
  await expect(clock.advance(-1)).rejects.toThrow('only moves ahead')
})

const DAY_MS = 86_400_000
