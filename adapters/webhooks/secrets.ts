import { randomBytes } from 'node:crypto'
import type { SealedSecret } from '../../domain/webhook/repository.ts'
import { open, seal, type NamedKey } from '../secrets/sealing.ts'

/** Standard Webhooks requires 24 to 64 bytes. */
const SECRET_BYTES = 32
const PREFIX = 'whsec_'

/** Creates and reads signing secrets. They are stored encrypted, each bound to its endpoint, because signing needs the plain text. */
export type WebhookSecrets = {
  /** @returns a new secret, to be shown once, and its sealed form for the database */
  readonly make: (endpointId: string) => { readonly secret: string; readonly sealed: string }
  /** @returns the secrets valid at `at`, the newest first @throws when one was sealed with an unknown key */
  readonly validAt: (endpointId: string, secrets: readonly SealedSecret[], at: Date) => string[]
}

const boundTo = (keyId: string, endpointId: string): string =>
  `${keyId}/webhook-endpoint/${endpointId}`

/** @param keys the first one seals, all of them open @returns undefined without a key: webhooks are off then */
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
