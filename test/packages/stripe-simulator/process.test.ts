import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { aReceiver, aSubscription, aWorld, idsOf, sdkFor } from './support.ts'

const MAIN = join(import.meta.dirname, '../../../packages/stripe-simulator/simulator-main.ts')

async function aChild(journalPath: string) {
  const args = ['--import', 'tsx', MAIN, '--port', '0', '--journal', journalPath]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { stripe: sdkFor(line.toString().trim()), kill }
}

test('a process that is killed while it serves loses nothing that it had answered', async () => {
  const journalPath = join(mkdtempSync(join(tmpdir(), 'simulator-')), 'stripe.ndjson')
  const first = await aChild(journalPath)
  const answered: string[] = []
  const calling = Promise.allSettled(
    Array.from({ length: 400 }, async (_each, n) => {
      const { id } = await first.stripe.customers.create({ name: `n ${n}` })
      answered.push(id)
      if (answered.length === 100) await first.kill()
    }),
  )
  await calling
  expect(answered.length).toBeGreaterThanOrEqual(100)
  const second = await aChild(journalPath)
  const kept = new Set<string>()
  for await (const { id } of second.stripe.customers.list({ limit: 100 })) kept.add(id)
  expect(answered.filter((id) => !kept.has(id))).toEqual([])
})

test('what falls due happens by itself once the clock is there, and is delivered', async () => {
  const { stripe, clock } = await aWorld({ settlesByItself: true })
  const { url, until, received } = await aReceiver()
  await stripe.webhookEndpoints.create({ url, enabled_events: ['invoice.paid'] })
  const { id } = await aSubscription(stripe)
  await until(1)
  clock.moveTo('2026-02-28T11:00:00Z')
  await until(2)
  expect(received).toHaveLength(2)
  expect(idsOf(await stripe.subscriptions.list())).toEqual([id])
})

test('a port that is taken is an error at the start, not a silence', async () => {
  const { simulator } = await aWorld()
  await expect(aWorld({ port: Number(new URL(simulator.url).port) })).rejects.toThrow(/EADDRINUSE/)
})
