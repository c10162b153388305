import { Refusal } from './refusal.ts'
import { API_VERSION } from './version.ts'

/** Any test key is accepted; a live key must never reach a simulator. */
export function checkKey(authorization: string | undefined): void {
  const key = keyOf(authorization)
  if (key === undefined) {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  }
  if (/^(sk|rk)_test_./.test(key)) return
  throw unauthorized(`Invalid API Key provided: ${key.slice(0, 8)}***`)
}

function keyOf(authorization: string | undefined): string | undefined {
  const [scheme, credentials] = (authorization ?? '').split(' ')
  if (credentials === undefined || credentials === '') return undefined
  if (scheme?.toLowerCase() === 'bearer') return credentials
  if (scheme?.toLowerCase() !== 'basic') return undefined
  return Buffer.from(credentials, 'base64').toString().split(':')[0]
}

/** The simulator supports one API version; rendering another would be a guess. */
export function checkVersion(version: string | undefined): void {
  if (version === undefined || version === API_VERSION) return
  throw new Refusal({
    status: 400,
    type: 'invalid_request_error',
    message: `Invalid Stripe API version: ${version}. The Stripe simulator speaks ${API_VERSION} only.`,
  })
}

const unauthorized = (message: string) =>
  new Refusal({ status: 401, type: 'invalid_request_error', message })
