import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createWebhookPost, type WebhookPost } from '../../../adapters/webhooks/post.ts'
import { startReceiver, type Receiver } from '../../support/receiver.ts'

const TIMEOUT_MS = 1_000
let receiver: Receiver
let local: WebhookPost
let production: WebhookPost
beforeAll(async () => {
  receiver = await startReceiver()
  local = createWebhookPost({ allowsLocal: true, timeoutMs: TIMEOUT_MS })
  production = createWebhookPost({ allowsLocal: false, timeoutMs: 5_000 })
})
afterEach(() => {
  receiver.behaves(() => 204)
  receiver.received.length = 0
})
afterAll(async () => {
  local.close()
  production.close()
  await receiver.close()
})

const request = (url: string) => ({ url, headers: { 'webhook-id': 'evt_1' }, body: '{"a":"ü"}' })

describe('in production', () => {
  test.each([
    ['this machine', 'https://127.0.0.1/'],
    ['this machine by name', 'https://localhost/'],
    ['this machine in IPv6', 'https://[::1]/'],
    ['this machine, mapped into IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['this machine as a number', 'https://2130706433/'],
    ['a private network', 'https://10.0.0.1/'],
    ['another private network', 'https://192.168.1.1/'],
    ['a private network in IPv6', 'https://[fd00::1]/'],
    ['the metadata address of a cloud', 'https://169.254.169.254/latest/meta-data/'],
    ['no address', 'https://0.0.0.0/'],
  ])('%s is refused', async (_what, url) => {
    const answer = await production.send(request(url))
    expect(answer.status).toBeNull()
    expect(answer.failure).toMatch(/is not allowed/)
  })

  test('a URL that is not https is refused', async () => {
    const answer = await production.send(request('http://app.example/hooks'))
    expect(answer).toMatchObject({ status: null, failure: 'the URL is not https' })
  })
})

describe('a receiver', () => {
  test('gets the signed bytes, and its response is returned', async () => {
    receiver.behaves(() => (to) => {
      to.writeHead(202).end('thank you')
    })
    const answer = await local.send(request(receiver.url))
    expect(answer).toMatchObject({ status: 202, failure: null, body: 'thank you' })
    expect(receiver.received).toMatchObject([{ id: 'evt_1', text: '{"a":"ü"}' }])
  })

  test('that redirects is not followed', async () => {
    receiver.behaves(() => (to) => {
      to.writeHead(307, { location: receiver.url }).end()
    })
    expect(await local.send(request(receiver.url))).toMatchObject({ status: 307 })
    expect(receiver.received).toHaveLength(1)
  })

  test('that does not respond in time is given up', async () => {
    receiver.behaves(() => () => undefined)
    const answer = await local.send(request(receiver.url))
    expect(answer).toMatchObject({
      status: null,
      failure: `no answer within ${TIMEOUT_MS} ms`,
    })
  })

  test('that sends its response slowly without end is given up', async () => {
    receiver.behaves(() => (to) => {
      to.writeHead(200)
      const drip = setInterval(() => to.write('.'), 20)
      to.once('close', () => clearInterval(drip))
    })
    const answer = await local.send(request(receiver.url))
    expect(answer.failure).toBe(`no answer within ${TIMEOUT_MS} ms`)
  })

  test('that sends a huge response is read only to 4 KiB', async () => {
    receiver.behaves(() => (to) => {
      to.writeHead(500).end('x'.repeat(1_000_000))
    })
    const answer = await local.send(request(receiver.url))
    expect(answer.status).toBe(500)
    expect(answer.body).toHaveLength(4_096)
  })

  test.each([
    ['30', 30_000],
    ['0', null],
    ['soon', null],
    ['Wed, 21 Oct 2015 07:28:00 GMT', null],
  ])('that sends `Retry-After: %s` gets that wait', async (value, expected) => {
    receiver.behaves(() => (to) => {
      to.writeHead(503, { 'retry-after': value }).end()
    })
    expect((await local.send(request(receiver.url))).retryAfterMs).toBe(expected)
  })

  test('that does not use HTTP counts as no response', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end('hello\r\n\r\n', () => socket.destroy()))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const answer = await local.send(request(`http://127.0.0.1:${port}/`))
    expect(answer.status).toBeNull()
    expect(answer.failure).toMatch(/Parse Error/)
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
})
