import type { Scope } from '../../domain/operator/api-key.ts'

/** An authenticated caller. */
export type Caller =
  | {
      readonly kind: 'key'
      readonly keyId: string
      readonly scopes: readonly Scope[]
      /** The header `X-User-Id`: the user for whom an application acts. Null without the header. */
      readonly userId: string | null
    }
  | {
      readonly kind: 'user_token'
      readonly userId: string
      /** The claim `email` of the token. */
      readonly email: string | null
    }

/** Whether the caller sent an API key with this scope. */
export const hasScope = (caller: Caller, scope: Scope): caller is Caller & { kind: 'key' } =>
  caller.kind === 'key' && caller.scopes.includes(scope)
