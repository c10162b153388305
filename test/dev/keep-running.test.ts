import { expect, test, vi } from 'vitest'
import { keepRunning } from '../../dev/keep-running.ts'
import { spawnLeashed, type Leashed } from '../../dev/leash.ts'

const READY_TIMEOUT_MS = 10_000

test('a killed program is restarted and the restart is reported', async () => {
  const { started, reports, part } = await keep('echo ready; sleep 600')
  process.kill(started[0]!.pid, 'SIGKILL')
  await vi.waitFor(() => expect(reports).toContain('it is back'), READY_TIMEOUT_MS)
  expect(reports[0]).toBe('it ended (killed by SIGKILL), starting it again')
  expect(reports[1]).toBe('  ready')
  expect(started).toHaveLength(2)
  await part.stop()
  await started[1]!.exited
})

test('a program that keeps crashing is given up after a bounded number of restarts', async () => {
  const { started, reports, givenUp } = await keep('echo ready; exit 3')
  await vi.waitFor(() => expect(givenUp).toHaveLength(1), { timeout: 30_000, interval: 50 })
  expect(givenUp[0]?.message).toBe('it keeps ending, also after 5 restarts')
  expect(started).toHaveLength(6)
  expect(reports.filter((line) => line.includes('exit status 3'))).toHaveLength(6)
})

test('stopping is not a crash, even between a crash and the restart', async () => {
  const { started, reports, part } = await keep('echo ready; sleep 600')
  process.kill(started[0]!.pid, 'SIGKILL')
  await vi.waitFor(() => expect(reports.length).toBeGreaterThan(0), READY_TIMEOUT_MS)
  await part.stop()
  expect(reports).not.toContain('it is back')
  expect(started).toHaveLength(1)
})

async function keep(script: string) {
  const started: Leashed[] = []
  const reports: string[] = []
  const givenUp: Error[] = []
  const part = await keepRunning({
    name: 'it',
    start: async () => {
      const program = spawnLeashed({
        name: 'it',
        command: '/bin/sh',
        args: ['-c', script],
        stopSignal: 'TERM',
        graceSeconds: 1,
      })
      await program.lineMatching(/ready/, READY_TIMEOUT_MS)
      started.push(program)
      return program
    },
    report: (line) => reports.push(line),
    onGivingUp: (error) => givenUp.push(error),
  })
  return { started, reports, givenUp, part }
}
