import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { anyFreePort, freePort } from '../../dev/ports.ts'

test('a used port is replaced by the next free one', async () => {
  const taken = await anyFreePort()
  const stranger = createServer().listen(taken, '127.0.0.1')
  await once(stranger, 'listening')
  const port = await freePort(taken)
  expect(port).toBeGreaterThan(taken)
  expect(port).toBeLessThanOrEqual(taken + 100)
  stranger.close()
})

test('a port that is used only on another address counts as used', async () => {
  const taken = await anyFreePort()
  // A browser may resolve `localhost` to this address.
  const stranger = createServer().listen(taken, '::1')
  const listening = await Promise.race([
    once(stranger, 'listening').then(() => true),
    once(stranger, 'error').then(() => false),
  ])
  // Without IPv6, the stranger cannot listen there.
  expect((await freePort(taken)) === taken).toBe(!listening)
  stranger.close()
})

test('two parts that want the same port at once get two', async () => {
  const wanted = await anyFreePort()
  const ports = await Promise.all([freePort(wanted + 1), freePort(wanted + 1)])
  expect(new Set(ports).size).toBe(2)
})
