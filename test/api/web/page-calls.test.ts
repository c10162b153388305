import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { USER_ACTIONS } from '../../../api/account/user-actions.ts'
import { BASE_PATH } from '../../../api/app.ts'
import { wordsOf } from '../../../api/web/problem-words/problem-words.ts'
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

/** The calls of the account page besides `USER_ACTIONS`. */
const FURTHER_CALLS = [
  { method: 'POST', path: '/subscriptions/id/plan/preview' },
  { method: 'POST', path: '/subscriptions/checkout' },
  { method: 'POST', path: '/portal' },
]

test('each problem of a call of the account page has a sentence in English and in Portuguese', async () => {
  const { paths } = (await (await fetch(`${world.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>
  }
  const calls = [...Object.values(USER_ACTIONS).map((call) => call('id', {})), ...FURTHER_CALLS]
  const codes = calls.flatMap(({ method, path }) => {
    const { responses = {} } =
      paths[`${BASE_PATH}${path.replace('/id', '/{id}')}`]?.[method.toLowerCase()] ?? {}
    const found = Object.values(responses).flatMap(({ description }) =>
      [...description.matchAll(/`(\w+)`: /g)].map(([, code]) => code ?? ''),
    )
    // A call that is missing in the document would have none.
    expect([path, found.length > 5]).toEqual([path, true])
    return found
  })
  const missing = [...new Set(codes)].filter(
    (code) => wordsOf(code).en === undefined || wordsOf(code).pt === undefined,
  )
  expect(missing).toEqual([])
})

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
