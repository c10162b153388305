import type { Clock } from '../../domain/clock.ts'
import type { ApiKeyRepository } from '../../domain/operator/api-key.ts'
import { findApiKey, findApiKeyByHash, type FindApiKey, type FindApiKeyByHash } from './api-key.ts'
import { createRateLimits, type RateLimitPolicy, type SpendCall } from './rate-limit.ts'
import { verifyUserTokens, type UserTokenPolicy, type VerifyUserToken } from './user-token.ts'

/** The values of the setting `DOWNGRADES_NOW`, from strict to lenient. */
export const DOWNGRADES_NOW = ['operators', 'applications'] as const
/** `applications`: also API keys without the scope `operator`. Users' tokens never. */
export type DowngradesNow = (typeof DOWNGRADES_NOW)[number]

/** The rules for callers of the API. */
export type AccessPolicy = {
  readonly userTokens: UserTokenPolicy
  readonly rateLimits: RateLimitPolicy
  /** The origins whose pages may call the API from a browser. */
  readonly corsOrigins: readonly string[]
  /** The callers who may change a user's plan to less before the paid period ends. */
  readonly downgradesNow: DowngradesNow
  /** Whether the published keys of the development seed are valid. */
  readonly developmentKeys: boolean
}

/** Identifies and limits callers. The API, the short cuts and the pages share one, so each limit counts all of them. */
export type Access = {
  readonly findKey: FindApiKey
  readonly findKeyByHash: FindApiKeyByHash
  readonly verifyToken: VerifyUserToken
  readonly spend: SpendCall
}

/** Creates the parts that identify and limit callers. */
export function createAccess({
  repositories,
  clock,
  access,
}: {
  readonly repositories: { readonly apiKeys: ApiKeyRepository }
  readonly clock: Clock
  readonly access: AccessPolicy
}): Access {
  const { developmentKeys, rateLimits, userTokens } = access
  const findKeyByHash = findApiKeyByHash({ apiKeys: repositories.apiKeys, clock })
  return {
    findKey: findApiKey(findKeyByHash, { developmentKeys }),
    findKeyByHash,
    verifyToken: verifyUserTokens(userTokens, clock),
    spend: createRateLimits(rateLimits),
  }
}
