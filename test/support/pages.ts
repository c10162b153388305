import { randomUUID } from 'node:crypto'
import { hashOfKey, prefixOfKey } from '../../adapters/secrets/api-key-secret.ts'
import type { Scope } from '../../domain/operator/api-key.ts'
import type { World } from './world.ts'

type PageRequest = {
  readonly cookie?: string | undefined
  readonly form?: Record<string, string>
  readonly headers?: Record<string, string>
}

/** Sends requests as a browser does, without following redirects. */
export const pagesOf =
  (url: string) =>
  async (path: string, { cookie, form, headers }: PageRequest = {}) => {
    const response = await fetch(`${url}${path}`, {
      redirect: 'manual',
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      headers: { ...(cookie && { cookie }), ...headers },
    })
    const [set] = response.headers.getSetCookie()
    return {
      status: response.status,
      text: await response.text(),
      location: response.headers.get('location'),
      headers: response.headers,
      set,
      /** The cookie as the browser returns it. */
      cookie: set?.split(';')[0],
    }
  }

/** The CSRF token of a page. */
export const csrfOf = (page: string) => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''

/** Signs an operator in at the console of a world. */
export async function signInAtConsole(url: string, key = 'bk_dev_operator') {
  const ask = pagesOf(url)
  const { cookie } = await ask('/console/sign-in', { form: { key } })
  if (cookie === undefined) throw new Error('not signed in')
  const { text } = await ask('/console', { cookie })
  return { cookie, csrf: csrfOf(text) }
}

/** An API key with exactly these scopes. */
export async function storeKey(
  { database, clock }: Pick<World, 'database' | 'clock'>,
  scopes: readonly Scope[],
): Promise<{ id: string; key: string }> {
  const [id, key] = [randomUUID(), `bk_${randomUUID()}`]
  await database.pool.query(
    `insert into api_keys (id, name, prefix, hash, scopes, created_at) values ($1, $2, $3, $4, $5, $6)`,
    [id, 'of a test', prefixOfKey(key), hashOfKey(key), scopes, clock.now()],
  )
  return { id, key }
}

/** The hidden fields of a page's forms, by name; of a repeated name the last one. */
export const fieldsOf = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  )
