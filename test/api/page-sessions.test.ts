import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { chooseLocale } from '../../api/account/locale.ts'
import { sessionCookie } from '../../api/web/cookie.ts'
import { createSeal } from '../../api/web/seal.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const LATER = new Date('2026-03-01T13:00:00Z')

const sealWith = (secrets: readonly string[], given: { purpose?: string; now?: Date } = {}) =>
  createSeal({
    secrets,
    purpose: given.purpose ?? 'test',
    claims: z.object({ user: z.string() }),
    clock: { now: () => given.now ?? NOW },
  })

test('a sealed session outlives the replacement of its secret, and not its removal', async () => {
  const sealed = await sealWith(['old secret']).close({ user: 'ada' }, LATER)
  expect(await sealWith(['new secret', 'old secret']).open(sealed)).toEqual({ user: 'ada' })
  expect(await sealWith(['new secret']).open(sealed)).toBeUndefined()
})

test('a sealed session opens for its purpose alone, until its end, and as it was made', async () => {
  const sealed = await sealWith(['secret']).close({ user: 'ada' }, LATER)
  expect(await sealWith(['secret'], { purpose: 'other' }).open(sealed)).toBeUndefined()
  expect(await sealWith(['secret'], { now: LATER }).open(sealed)).toBeUndefined()
  for (const changed of [`${sealed}A`, sealed.slice(1), '', 'a.b.c'])
    expect(await sealWith(['secret']).open(changed)).toBeUndefined()
})

test('nothing can be sealed without a secret', () => {
  expect(() => sealWith([])).toThrow('without a secret')
})

/** What a browser is told to keep. */
async function setCookieOf(kind: Parameters<typeof sessionCookie>[0]): Promise<string> {
  const cookie = sessionCookie(kind)
  const app = new Hono().get('/', (c) => {
    cookie.write(c, 'sealed', 60)
    return c.text('')
  })
  return (await app.request('/')).headers.get('set-cookie') ?? ''
}

test('over HTTPS a cookie is bound to its host, and an operator’s goes with no request of another site', async () => {
  expect(await setCookieOf({ name: 'console', secure: true })).toBe(
    '__Host-console=sealed; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict',
  )
})

test('a cookie of a page that may be embedded goes along within other sites, apart for each', async () => {
  expect(await setCookieOf({ name: 'account', secure: true, embeddable: true })).toBe(
    '__Host-account=sealed; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=None; Partitioned',
  )
  // Without HTTPS no browser would take it.
  expect(await setCookieOf({ name: 'account', secure: false, embeddable: true })).toBe(
    'account=sealed; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
  )
})

test.each([
  { asked: 'pt-BR', known: 'en', accepted: 'en', chosen: 'pt-BR' },
  { asked: 'PT-br', known: undefined, accepted: undefined, chosen: 'pt-BR' },
  { asked: 'de', known: 'pt', accepted: undefined, chosen: 'pt' },
  { asked: undefined, known: 'fr', accepted: 'pt', chosen: 'en' },
  { asked: undefined, known: undefined, accepted: 'de, pt;q=0.4, en;q=0.8', chosen: 'en' },
  { asked: undefined, known: undefined, accepted: 'de', chosen: 'en' },
  { asked: '../../etc', known: undefined, accepted: ';;;,,=', chosen: 'en' },
])('speaks $chosen: asked $asked, known $known, accepted $accepted', ({ chosen, ...wishes }) => {
  expect(chooseLocale(wishes)).toBe(chosen)
})
