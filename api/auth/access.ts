import type { ApiDependencies } from '../environment.ts'
import { findApiKey, findApiKeyByHash, type FindApiKey, type FindApiKeyByHash } from './api-key.ts'
import { createRateLimits, type RateLimitPolicy, type SpendCall } from './rate-limit.ts'
import { verifyUserTokens, type UserTokenPolicy, type VerifyUserToken } from './user-token.ts'

/** Who is let in, and how often. */
export type AccessPolicy = {
  readonly userTokens: UserTokenPolicy
  readonly rateLimits: RateLimitPolicy
  /** Pages of these origins may call from a browser. */
  readonly corsOrigins: readonly string[]
  /** Whether the keys that everybody knows open anything. */
  readonly developmentKeys: boolean
}

/** What decides about a caller, wherever the call comes in: each limit is one for all ways. */
export type Access = {
  readonly findKey: FindApiKey
  readonly findKeyByHash: FindApiKeyByHash
  readonly verifyToken: VerifyUserToken
  readonly spend: SpendCall
}

export function createAccess({ repositories, clock, access }: ApiDependencies): Access {
  const { developmentKeys, rateLimits, userTokens } = access
  const findKeyByHash = findApiKeyByHash({ apiKeys: repositories.apiKeys, clock })
  return {
    findKey: findApiKey(findKeyByHash, { developmentKeys }),
    findKeyByHash,
    verifyToken: verifyUserTokens(userTokens, clock),
    spend: createRateLimits(rateLimits),
  }
}
