import type { Scope } from '../../domain/repositories.ts'

/** Who calls, and for whom. */
export type Caller = {
  readonly keyId: string
  readonly scopes: readonly Scope[]
  /** The user that an application acts for, from `X-User-Id`; null when it named none. */
  readonly userId: string | null
}
