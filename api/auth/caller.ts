import type { Scope } from '../../domain/operator/api-key.ts'

/** Who calls, and for whom. */
export type Caller =
  | {
      readonly kind: 'key'
      readonly keyId: string
      readonly scopes: readonly Scope[]
      /** The user that an application acts for, from `X-User-Id`; null when it named none. */
      readonly userId: string | null
    }
  | {
      readonly kind: 'user_token'
      readonly userId: string
      /** As the issuer of the token knows it. */
      readonly email: string | null
    }

/** Whether the caller presents a key of this scope. */
export const hasScope = (caller: Caller, scope: Scope): caller is Caller & { kind: 'key' } =>
  caller.kind === 'key' && caller.scopes.includes(scope)
