import { BASE_PATH } from '../../../api/app.ts'
import type { World } from '../../support/world.ts'

/** Of a request that a lane could answer: a body of unknown length is never plain, so the chain answers it. */
export type Way = 'plain' | 'chunked'
export type Given = {
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** How an answer is sent, and when: of the way, and not of the answer. */
const OF_THE_WAY = new Set([
  'content-length',
  'transfer-encoding',
  'date',
  'connection',
  'keep-alive',
])

/** Posts JSON to a call of the API on one way, and answers what must be the same on the other. */
export async function postOn(way: Way, { url }: World, path: string, { body, headers }: Given) {
  const init: RequestInit & { readonly duplex: 'half' } = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'mine', ...headers },
    body: way === 'plain' ? body : new Blob([body]).stream(),
    duplex: 'half',
  }
  const response = await fetch(`${url}${BASE_PATH}${path}`, init)
  const names = [...response.headers.keys()].filter((name) => !OF_THE_WAY.has(name))
  return { status: response.status, names: names.sort(), body: await response.text() }
}
