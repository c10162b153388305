import { hkdfSync } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import type { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'

/** Of A256GCM. */
const KEY_BYTES = 32

/** What a session says of its owner, so that only this service can read or make it (RFC 7516). */
export type Seal<Claims> = {
  readonly close: (claims: Claims, until: Date) => Promise<string>
  /** Undefined for what is over, was changed, or was never ours. */
  readonly open: (sealed: string) => Promise<Claims | undefined>
}

type Sealing<Claims> = {
  /** The first one seals, all of them open: one is replaced without ending what it sealed. */
  readonly secrets: readonly string[]
  /** What is sealed for one purpose does not open for another. */
  readonly purpose: string
  readonly claims: z.ZodType<Claims>
  readonly clock: Clock
}

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
  if (first === undefined) throw new Error('nothing can be sealed without a secret')
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
    // Anybody can send a cookie that is none of ours.
    if (cause instanceof errors.JOSEError) return undefined
    throw cause
  }
}
