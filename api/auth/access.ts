import type { RateLimitPolicy } from './rate-limit.ts'
import type { UserTokenPolicy } from './user-token.ts'

/** Who is let in, and how often. */
export type AccessPolicy = {
  readonly userTokens: UserTokenPolicy
  readonly rateLimits: RateLimitPolicy
  /** Pages of these origins may call from a browser. */
  readonly corsOrigins: readonly string[]
  /** Whether the keys that everybody knows open anything. */
  readonly developmentKeys: boolean
}
