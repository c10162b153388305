import { BASE_PATH } from '../../../api/app.ts'
import type { World } from '../../support/world.ts'

/** A chunked body has no `Content-Length`, so the app answers. The same request with a length may take the short cut. */
export type Way = 'with length' | 'chunked'
export type Given = {
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Headers that depend on how a response is sent. */
const TRANSPORT_HEADERS = new Set([
  'content-length',
  'transfer-encoding',
  'date',
  'connection',
  'keep-alive',
])

/** Posts JSON to a call of the API. Resolves to the parts of the response that must be the same on both ways. */
export async function postOn(way: Way, { url }: World, path: string, { body, headers }: Given) {
  const init: RequestInit & { readonly duplex: 'half' } = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'mine', ...headers },
    body: way === 'with length' ? body : new Blob([body]).stream(),
    duplex: 'half',
  }
  const response = await fetch(`${url}${BASE_PATH}${path}`, init)
  const names = [...response.headers.keys()].filter((name) => !TRANSPORT_HEADERS.has(name))
  return { status: response.status, names: names.sort(), body: await response.text() }
}
