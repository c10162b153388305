import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose'
import type { Clock } from '../../domain/clock.ts'
import { isUserId } from '../../domain/ids.ts'

/** Three parts of base64url: no API key looks like it. */
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/
/** A key that the issuer withdrew is believed for at most this long. */
const JWKS_CACHE_MS = 600_000
/** A token with an unknown key id asks the issuer again, though not more often than this: anybody can make one up. */
const JWKS_COOLDOWN_MS = 30_000
/** The caller waits for it. */
const JWKS_TIMEOUT_MS = 5_000
/** Between the issuer's clock and ours. */
const CLOCK_TOLERANCE_S = 5
const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA']

export type UserTokenPolicy = {
  /** For tokens signed with HS256. */
  readonly secret?: string | undefined
  /** Where the issuer publishes its keys, for tokens signed with any other algorithm. */
  readonly jwksUrl?: string | undefined
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
}

export type UserTokenOutcome =
  | {
      readonly kind: 'user'
      readonly userId: string
      readonly email: string | null
      /** From this instant on the token is worth nothing. */
      readonly expiresAt: Date
    }
  | { readonly kind: 'refused'; readonly detail: string }
  /** The issuer's keys cannot be read: nobody can say whether the token is good. */
  | { readonly kind: 'unavailable'; readonly cause: unknown }

export type VerifyUserToken = (token: string) => Promise<UserTokenOutcome>

export const isUserToken = (presented: string) => SHAPE.test(presented)

/**
 * Verifies end users' tokens (RFC 7519), such as Supabase's: signature, `exp` and `nbf`, `iss` and `aud` where they are
 * configured, and a `sub` that names the user. The algorithm decides which key is used, never the token: a public key
 * cannot be passed off as a secret.
 */
export function verifyUserTokens(policy: UserTokenPolicy, clock: Clock): VerifyUserToken {
  const { secret, jwksUrl, issuer, audience } = policy
  const secretKey = secret === undefined ? undefined : new TextEncoder().encode(secret)
  const remote =
    jwksUrl === undefined
      ? undefined
      : createRemoteJWKSet(new URL(jwksUrl), {
          cacheMaxAge: JWKS_CACHE_MS,
          cooldownDuration: JWKS_COOLDOWN_MS,
          timeoutDuration: JWKS_TIMEOUT_MS,
        })

  async function read(token: string): Promise<JWTPayload> {
    const isSymmetric = decodeProtectedHeader(token).alg === 'HS256'
    const options = {
      algorithms: isSymmetric ? ['HS256'] : ASYMMETRIC,
      currentDate: clock.now(),
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ['sub', 'exp'],
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
    }
    const key = isSymmetric ? secretKey : remote
    if (key === undefined) throw new errors.JOSEAlgNotAllowed('no key for this algorithm')
    const { payload } = await (typeof key === 'function'
      ? jwtVerify(token, key satisfies JWTVerifyGetKey, options)
      : jwtVerify(token, key, options))
    return payload
  }

  return async (token) => {
    if (secretKey === undefined && remote === undefined)
      return { kind: 'refused', detail: 'This service takes API keys only.' }
    try {
      const { sub = '', email, exp = 0 } = await read(token)
      if (!isUserId(sub)) return { kind: 'refused', detail: 'The claim `sub` is no user id.' }
      return {
        kind: 'user',
        userId: sub,
        email: typeof email === 'string' ? email : null,
        expiresAt: new Date(exp * 1_000),
      }
    } catch (cause) {
      const detail = reasonOf(cause)
      return detail === undefined ? { kind: 'unavailable', cause } : { kind: 'refused', detail }
    }
  }
}

/** What is wrong with a token; undefined where the token is not what failed. */
function reasonOf(cause: unknown): string | undefined {
  if (cause instanceof errors.JWTExpired) return 'The token is expired.'
  if (cause instanceof errors.JWTClaimValidationFailed)
    return `The claim \`${cause.claim}\` is missing or wrong.`
  const isOfToken = [
    errors.JWTInvalid,
    errors.JWSInvalid,
    errors.JWSSignatureVerificationFailed,
    errors.JOSEAlgNotAllowed,
    errors.JOSENotSupported,
    errors.JWKSNoMatchingKey,
    errors.JWKSMultipleMatchingKeys,
  ].some((kind) => cause instanceof kind)
  // decodeProtectedHeader throws it for a header that is none.
  return isOfToken || (cause instanceof TypeError && /Protected Header/i.test(cause.message))
    ? 'The token is not signed by a key that this service trusts.'
    : undefined
}
