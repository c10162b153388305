import type { Context } from 'hono'
import { userId } from '../../domain/ids.ts'
import type { ApiEnvironment } from '../environment.ts'
import { hasScope } from './caller.ts'
import { refusalOfCaller, type Callers } from './callers.ts'

/** The user of a request, or the response to a caller that is not accepted. */
const userFor =
  (callers: Exclude<Callers, 'operator' | 'anyone'>) => (c: Context<ApiEnvironment>) => {
    const answer = refusalOfCaller(c, callers)
    if (answer !== undefined) return { kind: 'refused' as const, answer }
    const caller = c.get('caller')
    return {
      kind: 'user' as const,
      // `refusalOfCaller` has refused a request without a user.
      userId: userId(caller.userId ?? ''),
      actor: hasScope(caller, 'operator') ? ('operator' as const) : ('user' as const),
    }
  }

/** For calls that only an application may make, for one of its users. */
export const applicationOf = userFor('application')
/** For calls that an application or the user may make. */
export const userOf = userFor('user')
/** For calls that only an operator may make, for a user. */
export const operatorForUserOf = userFor('operatorForUser')
/** For calls that only read. */
export const readerOf = userFor('reader')
