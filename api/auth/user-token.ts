import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose'
import type { Clock } from '../../domain/clock.ts'
import { z } from 'zod'
import { isUserId } from '../../domain/ids.ts'
import { isEmailAddress, isOneLine } from '../../domain/text.ts'

/** Three parts of base64url (RFC 7519). No API key has this form. */
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/
/** A key that the issuer has withdrawn is accepted for at most this long. */
const JWKS_CACHE_MS = 600_000
/** A token with an unknown key id fetches the issuer's keys again, at most this often: anyone can invent a key id. */
const JWKS_COOLDOWN_MS = 30_000
/** Short, because the caller waits. */
const JWKS_TIMEOUT_MS = 5_000
/** The accepted difference between the issuer's clock and ours. */
const CLOCK_TOLERANCE_S = 5
const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA']

/** An issuer may sign other types than RFC 7519 says, such as a list as `sub`: as text it could equal another user's id. */
const claimsSchema = z.object({
  sub: z
    .string('must be a string')
    .refine((id) => isUserId(id) && isOneLine(id), 'must be a user id of 1 to 128 characters'),
  // Supabase signs an empty text for a user without an e-mail address.
  email: z
    .string('must be a string')
    .refine((email) => email === '' || isEmailAddress(email), 'must be one e-mail address')
    .nullish()
    .transform((email) => email || null),
  exp: z.number('must be a number'),
})

/** How users' tokens are verified. Without `secret` and `jwksUrl` all tokens are refused. */
export type UserTokenPolicy = {
  /** For tokens signed with HS256. */
  readonly secret?: string | undefined
  /** The URL of the issuer's keys (RFC 7517), for tokens signed with another algorithm. */
  readonly jwksUrl?: string | undefined
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
}

/** The user of a token, or why there is none. */
export type UserTokenOutcome =
  | {
      readonly kind: 'user'
      readonly userId: string
      readonly email: string | null
      /** The claim `exp`: the token is invalid from this instant on. */
      readonly expiresAt: Date
    }
  | { readonly kind: 'refused'; readonly detail: string }
  /** The issuer's keys cannot be read, so the token cannot be verified. */
  | { readonly kind: 'unavailable'; readonly cause: unknown }

/** Verifies a token. It never rejects. */
export type VerifyUserToken = (token: string) => Promise<UserTokenOutcome>

/** Whether a bearer token has the form of a JWT. */
export const isUserToken = (presented: string) => SHAPE.test(presented)

/**
 * Verifies end users' tokens, such as Supabase's: the signature, `exp` and `nbf`, `iss` and `aud` if they are configured,
 * and `sub`, which is the user id. Each algorithm has its own key, so nobody can sign with HS256 and the issuer's public key.
 * @see https://www.rfc-editor.org/rfc/rfc7519
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-2.1
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
      return { kind: 'refused', detail: 'This service accepts only API keys.' }
    try {
      const payload = await read(token)
      const claims = claimsSchema.safeParse(payload)
      if (claims.success) {
        const { sub, email, exp } = claims.data
        return { kind: 'user', userId: sub, email, expiresAt: new Date(exp * 1_000) }
      }
      const wrong = claims.error.issues[0]
      return {
        kind: 'refused',
        detail: `The claim \`${wrong?.path.join('.')}\` is not valid: ${wrong?.message}.`,
      }
    } catch (cause) {
      const detail = reasonOf(cause)
      return detail === undefined ? { kind: 'unavailable', cause } : { kind: 'refused', detail }
    }
  }
}

/** The error in a token; undefined if the failure has another cause. */
function reasonOf(cause: unknown): string | undefined {
  if (cause instanceof errors.JWTExpired) return 'The token has expired.'
  if (cause instanceof errors.JWTClaimValidationFailed)
    return `The claim \`${cause.claim}\` is missing or wrong.`
  const isInvalidToken = [
    errors.JWTInvalid,
    errors.JWSInvalid,
    errors.JWSSignatureVerificationFailed,
    errors.JOSEAlgNotAllowed,
    errors.JOSENotSupported,
    errors.JWKSNoMatchingKey,
    errors.JWKSMultipleMatchingKeys,
  ].some((kind) => cause instanceof kind)
  // decodeProtectedHeader throws a TypeError for an invalid header.
  return isInvalidToken || (cause instanceof TypeError && /Protected Header/i.test(cause.message))
    ? 'The token is not signed with a key that this service trusts.'
    : undefined
}
