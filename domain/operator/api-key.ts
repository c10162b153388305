/** What a key may do: act for users (`app`), only read for them (`read`), or operate the service (`operator`). */
export const SCOPES = ['app', 'operator', 'read'] as const
export type Scope = (typeof SCOPES)[number]

/** What the keys of the embedded stack begin with. Everybody knows them, so production takes none. */
export const DEVELOPMENT_KEY_PREFIX = 'bk_dev_'

/** A label of a list. */
export const API_KEY_NAME_MAX_CHARACTERS = 100

/** A key as operators see it. The key itself is shown once, when it is made, and kept nowhere. */
export type ApiKey = {
  readonly id: string
  readonly name: string
  /** Its first characters, by which people tell keys apart. */
  readonly prefix: string
  readonly scopes: readonly Scope[]
  readonly createdAt: Date
  /** From this instant on it opens nothing; null is never. */
  readonly expiresAt: Date | null
  /** Right to a minute. */
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
  readonly rotatedFrom: string | null
}

/** A key to be stored: of the key itself only what cannot be turned back. */
export type NewApiKey = Pick<ApiKey, 'id' | 'name' | 'prefix' | 'scopes' | 'expiresAt'> & {
  /** The lower-case hexadecimal SHA-256 of the key. */
  readonly hash: string
}

/** Who acts on keys, and when: the operator's own key, or null for a command on the server. */
export type ApiKeyAct = { readonly at: Date; readonly by: string | null }

export type RevokeOutcome =
  | { readonly kind: 'revoked'; readonly key: ApiKey }
  /** An operator asked, and nobody could make or revoke keys over HTTP afterwards. */
  | { readonly kind: 'last_operator' }
  | { readonly kind: 'unknown' }

export type RotateOutcome =
  | { readonly kind: 'rotated'; readonly key: ApiKey; readonly replaced: ApiKey }
  /** It is revoked, expired, or has a successor already. */
  | { readonly kind: 'over'; readonly key: ApiKey }
  | { readonly kind: 'unknown' }

export type ApiKeyRepository = {
  /** The key of a hash, unless it is revoked or expired. Notes its use, at most once a minute. */
  readonly findByHash: (hash: string, at: Date) => Promise<ApiKey | undefined>
  /** The newest first, also those that are over. */
  readonly list: (limit: number) => Promise<ApiKey[]>
  /** Stores a key. Of one that has this id already it changes nothing, and answers undefined. */
  readonly create: (key: NewApiKey, act: ApiKeyAct) => Promise<ApiKey | undefined>
  /** Ends a key. Doing it twice changes nothing the second time. */
  readonly revoke: (id: string, act: ApiKeyAct) => Promise<RevokeOutcome>
  /** Gives a key a successor of the same name and scopes, and an end, `until` which both work. */
  readonly rotate: (
    id: string,
    successor: Pick<NewApiKey, 'id' | 'prefix' | 'hash'>,
    until: Date,
    act: ApiKeyAct,
  ) => Promise<RotateOutcome>
}
