import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { MEANINGS } from '../../api/webhooks/outgoing.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { WEBHOOK_TYPES } from '../../domain/webhook/webhook.ts'
import { until } from '../support/until.ts'

const ROOT = join(import.meta.dirname, '../..')
const page = readFileSync(join(ROOT, 'docs/webhooks.md'), 'utf8')
const SECRET = `whsec_${Buffer.alloc(32, 'a').toString('base64')}`

test('docs/webhooks.md lists each type and its meaning', () => {
  const listed = [...page.matchAll(/^\| `([a-z_]+\.[a-z_]+)` +\| (.*?) +\|$/gm)].map(
    ([, type, meaning]) => [type, meaning],
  )
  expect(listed).toEqual(WEBHOOK_TYPES.map((type) => [type, MEANINGS[type]]))
})

test('the receiver of docs/webhooks.md accepts signed webhooks only', async () => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  const port = await anyFreePort()
  const receiver = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: Buffer[] = []
  receiver.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  const post = async (secret: string) => {
    const body = JSON.stringify({ type: 'webhook.test', data: {} })
    const at = new Date()
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body,
      headers: {
        'webhook-id': 'evt_1',
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': new Webhook(secret).sign('evt_1', at, body),
      },
    })
    return answer.status
  }
  await until('it listens', () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      ({ status }) => status === 401,
      () => false,
    ),
  )
  expect(await post(SECRET)).toBe(204)
  expect(await post(`whsec_${Buffer.alloc(32, 'b').toString('base64')}`)).toBe(401)
  expect(Buffer.concat(said).toString()).toContain('evt_1 webhook.test')
  receiver.kill()
  await once(receiver, 'exit')
})
