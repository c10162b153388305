import { hkdfSync } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import type { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'

/** The key length of A256GCM. */
const KEY_BYTES = 32

/**
 * Encrypts the claims of a session, so that only this service can read or create them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7516
 */
export type Seal<Claims> = {
  readonly close: (claims: Claims, until: Date) => Promise<string>
  /** @returns undefined when the seal has expired, was modified, or was not created here. */
  readonly open: (sealed: string) => Promise<Claims | undefined>
}

type Sealing<Claims> = {
  /** The first one seals and all of them open, so a secret can be replaced without ending the sessions it sealed. */
  readonly secrets: readonly string[]
  /** Claims sealed for one purpose cannot be opened for another. */
  readonly purpose: string
  readonly claims: z.ZodType<Claims>
  readonly clock: Clock
}

/** @throws when `secrets` is empty. */
export function createSeal<Claims extends Record<string, unknown>>({
  secrets,
  purpose,
  claims: schema,
  clock,
}: Sealing<Claims>): Seal<Claims> {
  const keys = secrets.map(
    (secret) => new Uint8Array(hkdfSync('sha256', secret, '', `perennial/${purpose}`, KEY_BYTES)),
  )
  const [first] = keys
  if (first === undefined) throw new Error('a seal needs at least one secret')
  return {
    close: (claims, until) =>
      new EncryptJWT(claims)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime(until)
        .encrypt(first),

    async open(sealed) {
      for (const key of keys) {
        const claims = await decrypt(sealed, key, clock.now())
        const parsed = schema.safeParse(claims)
        if (parsed.success) return parsed.data
      }
      return undefined
    },
  }
}

async function decrypt(sealed: string, key: Uint8Array, now: Date) {
  try {
    const { payload } = await jwtDecrypt(sealed, key, {
      currentDate: now,
      requiredClaims: ['exp'],
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return payload
  } catch (cause) {
    // Clients can send any cookie; only ours decrypts.
    if (cause instanceof errors.JOSEError) return undefined
    throw cause
  }
}
