import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pagesOf, signInAtConsole } from '../../support/pages.ts'
import { newUser } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'the secret of an issuer of tokens of users'

let world: World
let operator: { readonly cookie: string; readonly csrf: string }
beforeAll(async () => {
  world = await createWorld({ worker: false, access: { userTokens: { secret: SECRET } } })
  operator = await signInAtConsole(world.url)
})
afterAll(() => world.close())

const ask = (...request: Parameters<ReturnType<typeof pagesOf>>) => pagesOf(world.url)(...request)

async function signIn() {
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(newUser())
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET))
  return ask('/account/session', { form: { token } })
}

describe('a form that is none', () => {
  const send = (path: string, type: string, body: string) =>
    fetch(`${world.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': type, cookie: operator.cookie },
      body,
    })

  test.each(['/console/sign-in', '/account/session', '/console/sign-out'])(
    'is 400 at %s, and no error of ours',
    async (path) => {
      for (const [type, body] of [
        ['multipart/form-data; boundary=x', '--x\r\nnonsense'],
        ['multipart/form-data', 'nonsense'],
        ['application/json', '{}'],
        ['application/x-www-form-urlencoded', 'key=%ff'],
        ['application/x-www-form-urlencoded', 'key=%00'],
      ] as const)
        expect([type, body, (await send(path, type, body)).status]).toEqual([type, body, 400])
    },
  )

  test('is refused if its key has other characters than a header', async () => {
    const { csrf, cookie } = operator
    const form = { csrf, key: '🔑', event_ids: 'evt_1' }
    const { status } = await ask('/console/inbox/redrive', { cookie, form })
    expect(status).toBeLessThan(500)
  })
})

test.each(['/account/subscriptions/x/plan/%00', '/account/subscriptions/%ff/plan', '/console/%00'])(
  'an address that is no text is 422: %s',
  async (path) => {
    const { cookie } = await signIn()
    expect((await ask(path, { cookie })).status).toBe(422)
  },
)

test.each(['/console', '/console/subscriptions', '/console/inbox', '/console/drift', '/account'])(
  'an unknown query parameter is refused by name: %s',
  async (path) => {
    const { cookie } = path === '/account' ? await signIn() : operator
    const { status, text } = await ask(`${path}?stauts=active`, { cookie })
    expect([status, text]).toEqual([422, expect.stringContaining('stauts')])
  },
)
