import type { Context } from 'hono'
import type { ApiEnvironment } from '../environment.ts'
import { hasScope } from './caller.ts'

/**
 * The operator of a call.
 * @throws if the caller is none: the route of such a call accepts operators only, see `createRoute`.
 */
export function operatorOf(c: Context<ApiEnvironment>): { readonly keyId: string } {
  const caller = c.get('caller')
  if (!hasScope(caller, 'operator')) throw new Error('the route of this call accepts other callers')
  return { keyId: caller.keyId }
}
