/** `app` acts for users, `read` only reads for them, `operator` operates the service. */
export const SCOPES = ['app', 'operator', 'read'] as const
export type Scope = (typeof SCOPES)[number]

/** Prefix of the embedded stack's keys. They are public, so production refuses them. */
export const DEVELOPMENT_KEY_PREFIX = 'bk_dev_'

/** The longest name of an API key, in characters. */
export const API_KEY_NAME_MAX_CHARACTERS = 100

/** A key as operators see it. The key itself is shown once, when it is created, and never stored. */
export type ApiKey = {
  readonly id: string
  readonly name: string
  /** The first characters of the key, to recognise it in a list. */
  readonly prefix: string
  readonly scopes: readonly Scope[]
  readonly createdAt: Date
  /** The key is invalid from this instant on; null for never. */
  readonly expiresAt: Date | null
  /** Updated at most once a minute. */
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
  readonly rotatedFrom: string | null
}

/** A key to store. Of the key itself only a hash is stored. */
export type NewApiKey = Pick<ApiKey, 'id' | 'name' | 'prefix' | 'scopes' | 'expiresAt'> & {
  /** The lower-case hexadecimal SHA-256 of the key. */
  readonly hash: string
}

/** `by` is the id of the operator's own key, or null for a command on the server. */
export type ApiKeyAct = { readonly at: Date; readonly by: string | null }

/** The answer to a revocation. */
export type RevokeOutcome =
  | { readonly kind: 'revoked'; readonly key: ApiKey }
  /** Refused: without this last operator key, keys could no longer be managed over HTTP. */
  | { readonly kind: 'last_operator' }
  | { readonly kind: 'unknown' }

/** The answer to a rotation: the key and its successor. */
export type RotateOutcome =
  | { readonly kind: 'rotated'; readonly key: ApiKey; readonly replaced: ApiKey }
  /** It is revoked or expired, or already has a successor. */
  | { readonly kind: 'over'; readonly key: ApiKey }
  | { readonly kind: 'unknown' }

/** API keys, by the hash of their secret. */
export type ApiKeyRepository = {
  /** Finds a valid key, and records its use at most once a minute. */
  readonly findByHash: (hash: string, at: Date) => Promise<ApiKey | undefined>
  /** Newest first, including revoked and expired keys. */
  readonly list: (limit: number) => Promise<ApiKey[]>
  /** The names of keys by their ids, also of revoked ones. */
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** Undefined, without any change, if the id exists already. */
  readonly create: (key: NewApiKey, act: ApiKeyAct) => Promise<ApiKey | undefined>
  /** Idempotent. */
  readonly revoke: (id: string, act: ApiKeyAct) => Promise<RevokeOutcome>
  /** Creates a successor with the same name and scopes. The old key works `until` then. */
  readonly rotate: (
    id: string,
    successor: Pick<NewApiKey, 'id' | 'prefix' | 'hash'>,
    until: Date,
    act: ApiKeyAct,
  ) => Promise<RotateOutcome>
}
