import type { Context } from 'hono'
import { userId, type UserId } from '../../domain/ids.ts'
import type { ApiEnvironment } from '../environment.ts'
import { hasScope } from './caller.ts'

/**
 * The user for whom a call acts.
 * @throws if the caller names none: the route of such a call refuses these callers, see `createRoute`.
 */
export function userOf(c: Context<ApiEnvironment>): {
  readonly userId: UserId
  readonly actor: 'operator' | 'user'
} {
  const caller = c.get('caller')
  if (caller.userId === null)
    throw new Error('the route of this call accepts callers without a user')
  return {
    userId: userId(caller.userId),
    actor: hasScope(caller, 'operator') ? 'operator' : 'user',
  }
}
