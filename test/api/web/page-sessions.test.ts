import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { chooseLocale } from '../../../api/web/locale.ts'
import { sessionCookie } from '../../../api/web/cookie.ts'
import { createSeal } from '../../../api/web/seal.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const LATER = new Date('2026-03-01T13:00:00Z')

const sealWith = (secrets: readonly string[], given: { purpose?: string; now?: Date } = {}) =>
  createSeal({
    secrets,
    purpose: given.purpose ?? 'test',
    claims: z.object({ user: z.string() }),
    clock: { now: () => given.now ?? NOW },
  })

test('a sealed session opens after its secret was replaced, but not after it was removed', async () => {
  const sealed = await sealWith(['old secret']).close({ user: 'ada' }, LATER)
  expect(await sealWith(['new secret', 'old secret']).open(sealed)).toEqual({ user: 'ada' })
  expect(await sealWith(['new secret']).open(sealed)).toBeUndefined()
})

test('a sealed session opens only for its purpose, before it expires, and unmodified', async () => {
  const sealed = await sealWith(['secret']).close({ user: 'ada' }, LATER)
  expect(await sealWith(['secret'], { purpose: 'other' }).open(sealed)).toBeUndefined()
  expect(await sealWith(['secret'], { now: LATER }).open(sealed)).toBeUndefined()
  for (const changed of [`${sealed}A`, sealed.slice(1), '', 'a.b.c'])
    expect(await sealWith(['secret']).open(changed)).toBeUndefined()
})

test('a seal needs a secret', () => {
  expect(() => sealWith([])).toThrow('at least one secret')
})

/** The `Set-Cookie` header of a cookie of this kind. */
async function setCookieOf(kind: Parameters<typeof sessionCookie>[0]): Promise<string> {
  const cookie = sessionCookie(kind)
  const app = new Hono().get('/', (c) => {
    cookie.write(c, 'sealed', 60)
    return c.text('')
  })
  return (await app.request('/')).headers.get('set-cookie') ?? ''
}

test('over HTTPS a cookie is bound to its host, and the one of an operator is never sent with requests from other sites', async () => {
  expect(await setCookieOf({ name: 'console', secure: true })).toBe(
    '__Host-console=sealed; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict',
  )
})

test('a cookie of an embeddable page is sent in frames of other sites, with a separate one for each site', async () => {
  expect(await setCookieOf({ name: 'account', secure: true, embeddable: true })).toBe(
    '__Host-account=sealed; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=None; Partitioned',
  )
  // Without HTTPS, browsers refuse `SameSite=None`.
  expect(await setCookieOf({ name: 'account', secure: false, embeddable: true })).toBe(
    'account=sealed; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
  )
})

test.each([
  { requested: 'pt-BR', customer: 'en', accepted: 'en', chosen: 'pt-BR' },
  { requested: 'PT-br', customer: undefined, accepted: undefined, chosen: 'pt-BR' },
  { requested: 'de', customer: 'pt', accepted: undefined, chosen: 'pt' },
  { requested: undefined, customer: 'fr', accepted: 'pt', chosen: 'en' },
  { requested: undefined, customer: undefined, accepted: 'de, pt;q=0.4, en;q=0.8', chosen: 'en' },
  { requested: undefined, customer: undefined, accepted: 'de', chosen: 'en' },
  { requested: '../../etc', customer: undefined, accepted: ';;;,,=', chosen: 'en' },
])(
  'chooses $chosen: requested $requested, customer $customer, accepted $accepted',
  ({ chosen, ...preferences }) => {
    expect(chooseLocale(preferences)).toBe(chosen)
  },
)
