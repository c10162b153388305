import { randomBytes } from 'node:crypto'
import type { SealedSecret } from '../../domain/webhook/repository.ts'
import { open, seal, type NamedKey } from '../secrets/sealing.ts'

/** The specification wants 24 to 64. */
const SECRET_BYTES = 32
const PREFIX = 'whsec_'

/** Signing secrets, which have to be read again to sign: they are kept sealed, each bound to its endpoint. */
export type WebhookSecrets = {
  /** A new secret to be shown once, and as it is kept. */
  readonly make: (endpointId: string) => { readonly secret: string; readonly sealed: string }
  /** The secrets that sign at an instant, the newest first. @throws when none of our keys sealed one. */
  readonly validAt: (endpointId: string, secrets: readonly SealedSecret[], at: Date) => string[]
}

const boundTo = (keyId: string, endpointId: string): string =>
  `${keyId}/webhook-endpoint/${endpointId}`

/** The first key seals, all open; undefined without one: then nobody can be told anything. */
export function createWebhookSecrets(keys: readonly NamedKey[]): WebhookSecrets | undefined {
  const [current] = keys
  if (current === undefined) return undefined
  const byId = new Map(keys.map(({ id, key }) => [id, key]))

  function unseal(endpointId: string, text: string): string {
    const [, id = '', sealed = ''] = /^(.*):([^:]*)$/.exec(text) ?? []
    const key = byId.get(id)
    if (key === undefined)
      throw new RangeError(
        `a secret was sealed with the key "${id}", which WEBHOOK_SECRET_KEYS does not have`,
      )
    const bound = boundTo(id, endpointId)
    return open(Buffer.from(sealed, 'base64'), { key, bound }).toString()
  }

  return {
    make(endpointId) {
      const secret = `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`
      const bound = boundTo(current.id, endpointId)
      const sealed = seal(Buffer.from(secret), { key: current.key, bound })
      return { secret, sealed: `${current.id}:${sealed.toString('base64')}` }
    },
    validAt: (endpointId, secrets, at) =>
      secrets
        .filter(({ until }) => until === null || at < until)
        .map(({ sealed }) => unseal(endpointId, sealed)),
  }
}
