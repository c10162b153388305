import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csrfOf, pagesOf } from '../../support/pages.ts'
import { newUser } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'the secret of an issuer of tokens of users'

let world: World
beforeAll(async () => {
  world = await createWorld({
    worker: false,
    access: { userTokens: { secret: SECRET } },
  })
})
afterAll(() => world.close())

const ask = (...request: Parameters<ReturnType<typeof pagesOf>>) => pagesOf(world.url)(...request)

const tokenFor = (user: string) =>
  new SignJWT({ email: `${user}@example.com` })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime(new Date(world.clock.now().getTime() + 3_600_000))
    .sign(new TextEncoder().encode(SECRET))

async function signIn(user: string) {
  const form = { token: await tokenFor(user) }
  const { cookie } = await ask('/account/session', { form })
  const { text } = await ask('/account', { cookie })
  return { cookie, csrf: csrfOf(text) }
}

describe('the session of a user', () => {
  test('ends on the server at sign-out, and no other session of the user does', async () => {
    const user = newUser()
    const [one, other] = [await signIn(user), await signIn(user)]
    const form = { csrf: one.csrf }
    expect((await ask('/account/sign-out', { cookie: one.cookie, form })).status).toBe(303)
    expect((await ask('/account', { cookie: one.cookie })).status).toBe(401)
    expect((await ask('/account', { cookie: other.cookie })).status).toBe(200)
  })

  test('replaces the one before it in the same browser', async () => {
    const { cookie } = await signIn(newUser())
    const form = { token: await tokenFor(newUser()) }
    expect((await ask('/account/session', { cookie, form })).status).toBe(303)
    expect((await ask('/account', { cookie })).status).toBe(401)
  })

  test('ends when the user has begun twenty newer ones', async () => {
    const user = newUser()
    const form = { token: await tokenFor(user) }
    const cookies: (string | undefined)[] = []
    for (let count = 0; count < 21; count += 1)
      cookies.push((await ask('/account/session', { form })).cookie)
    const statusOf = async (cookie: string | undefined) =>
      (await ask('/account', { cookie })).status
    expect(await statusOf(cookies[0])).toBe(401)
    expect(await statusOf(cookies[1])).toBe(200)
  })

  test('begins by a link only after a question that names the user', async () => {
    const user = newUser()
    const form = { token: await tokenFor(user), by: 'link' }
    const headers = { 'sec-fetch-site': 'same-origin' }
    const asked = await ask('/account/session', { form, headers })
    expect([asked.status, asked.set]).toEqual([200, undefined])
    expect(asked.text).toContain(`You are about to open the billing page of ${user}@example.com`)
    const confirmed = await ask('/account/session', {
      form: { ...form, confirmed: 'yes' },
      headers,
    })
    expect(confirmed.location).toBe('/account?signed=yes')
    const { text } = await ask('/account', { cookie: confirmed.cookie })
    expect(text).toContain(`Signed in as ${user}@example.com`)
  })

  test('is not replaced by a stranger’s link without the same question', async () => {
    const own = await signIn(newUser())
    const stranger = newUser()
    const headers = { 'sec-fetch-site': 'same-origin' }
    const form = { token: await tokenFor(stranger), by: 'link' }
    const asked = await ask('/account/session', { cookie: own.cookie, form, headers })
    expect([asked.status, asked.set]).toEqual([200, undefined])
    expect(asked.text).toContain(`${stranger}@example.com`)
    expect(asked.text).toContain('This ends your session as')
    expect((await ask('/account', { cookie: own.cookie })).status).toBe(200)
  })
})
