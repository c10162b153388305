import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, test, vi } from 'vitest'
import { spawnLeashed, type Leashed } from '../../dev/leash.ts'
import { isGroupAlive } from '../../dev/process-group.ts'
import { nodeProgram } from '../../dev/project.ts'

const GONE = { timeout: 20_000, interval: 20 }

test('kill -9 of the parent ends the program and everything that it started', async () => {
  const { parent, group } = await parentHolding('sleep 600 & echo ready; wait')
  expect(await isGroupAlive(group)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitFor(async () => expect(await isGroupAlive(group)).toBe(false), GONE)
})

test('a program that ignores its stop signal is killed after its grace when the parent dies', async () => {
  const { parent, group } = await parentHolding(
    `trap '' TERM; echo ready; while :; do sleep 600; done`,
    1,
  )
  parent.kill('SIGKILL')
  await vi.waitFor(async () => expect(await isGroupAlive(group)).toBe(false), GONE)
})

test('stopping sends the chosen signal and leaves the program time to finish', async () => {
  const lines: string[] = []
  const held = hold(`trap 'echo finished; exit' TERM; echo ready; sleep 600 & wait`, lines)
  await held.lineMatching(/ready/, 10_000)
  await held.stop()
  expect(lines).toContain('finished')
})

test('a program that ends by itself passes on its exit status and leaves no children', async () => {
  const held = hold('sleep 600 & exit 3')
  expect(await held.exited).toEqual({ code: 3, signal: null })
  await vi.waitFor(async () => expect(await isGroupAlive(held.pid)).toBe(false), GONE)
})

test('a killed program is distinguished from one that succeeded', async () => {
  expect(await hold('kill -9 $$').exited).toEqual({ code: 128 + 9, signal: null })
})

test('a program that cannot be started is an error, not a hang', async () => {
  const held = spawnLeashed({
    name: 'missing',
    command: '/nonexistent',
    args: [],
    stopSignal: 'TERM',
    graceSeconds: 1,
  })
  await expect(held.lineMatching(/ready/, 10_000)).rejects.toThrow(/missing ended.*exit status 127/)
})

test('killing the leash itself leaves no process behind', async () => {
  const held = hold('echo ready; sleep 600')
  await held.lineMatching(/ready/, 10_000)
  process.kill(held.pid, 'SIGKILL')
  await vi.waitFor(async () => expect(await isGroupAlive(held.pid)).toBe(false), GONE)
  await held.exited
})

test('waiting for a line that never comes is bounded and shows the last output', async () => {
  const held = hold('echo still busy; sleep 600')
  await held.lineMatching(/busy/, 10_000)
  await expect(held.lineMatching(/ready/, 1)).rejects.toThrow(
    /not ready within 1 ms\n {2}still busy/,
  )
  await held.stop()
})

function hold(script: string, lines: string[] = []): Leashed {
  return spawnLeashed({
    name: 'held',
    command: '/bin/sh',
    args: ['-c', script],
    stopSignal: 'TERM',
    graceSeconds: 5,
    onLine: (line) => lines.push(line),
  })
}

async function parentHolding(script: string, graceSeconds = 5) {
  const { command, args, cwd } = nodeProgram('test/dev/leash-parent.ts', script, `${graceSeconds}`)
  const parent = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: parent.stdout }), 'line')
  return { parent, group: Number(String(line).split(' ')[1]) }
}
