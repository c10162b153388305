import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { anyFreePort, freePort } from '../../dev/ports.ts'
import { startOnFreePorts } from '../../dev/taken-ports.ts'

test('a used port is replaced by the next free one', async () => {
  const used = await anyFreePort()
  const stranger = createServer().listen(used, '127.0.0.1')
  await once(stranger, 'listening')
  const port = await freePort(used)
  expect(port).toBeGreaterThan(used)
  expect(port).toBeLessThanOrEqual(used + 100)
  stranger.close()
})

test('a port that is used only on another address counts as used', async () => {
  const used = await anyFreePort()
  // A browser may resolve `localhost` to this address.
  const stranger = createServer().listen(used, '::1')
  const listening = await Promise.race([
    once(stranger, 'listening').then(() => true),
    once(stranger, 'error').then(() => false),
  ])
  // Without IPv6, the stranger cannot listen there.
  expect((await freePort(used)) === used).toBe(!listening)
  stranger.close()
})

test('two parts that want the same port at once get two', async () => {
  const wanted = await anyFreePort()
  const ports = await Promise.all([freePort(wanted + 1), freePort(wanted + 1)])
  expect(new Set(ports).size).toBe(2)
})

test('a port that is taken between the choice and the start is replaced by the next, with one line', async () => {
  const chosen = {
    api: await freePort(await anyFreePort()),
    mail: await freePort(await anyFreePort()),
  }
  const stranger = createServer().listen(chosen.api, '127.0.0.1')
  await once(stranger, 'listening')
  const lines: string[] = []
  const starts: (typeof chosen)[] = []
  const servers = await startOnFreePorts(chosen, {
    report: (line) => lines.push(line),
    start: async (ports) => {
      starts.push(ports)
      const listening = Object.values(ports).map((port) => createServer().listen(port, '127.0.0.1'))
      const failed = await Promise.allSettled(listening.map((server) => once(server, 'listening')))
      if (failed.every(({ status }) => status === 'fulfilled')) return listening
      for (const server of listening) server.close()
      throw new Error('a part could not start')
    },
  })
  expect(starts).toHaveLength(2)
  expect(starts[1]).toEqual({ api: expect.any(Number), mail: chosen.mail })
  expect(starts[1]?.api).toBeGreaterThan(chosen.api)
  expect(lines).toEqual([
    `Port ${chosen.api} was taken by another program meanwhile: api starts on ${starts[1]?.api}.`,
  ])
  for (const server of [stranger, ...servers]) server.close()
})

test('a start that fails for another reason is not repeated', async () => {
  let starts = 0
  const start = async () => {
    starts += 1
    throw new Error('no disk')
  }
  const failing = startOnFreePorts({ api: await anyFreePort() }, { start, report: () => undefined })
  await expect(failing).rejects.toThrow('no disk')
  expect(starts).toBe(1)
})
