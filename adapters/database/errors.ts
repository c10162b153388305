import { isSilence } from './postgres/silent-connections.ts'
import { SupabaseError } from './supabase/errors.ts'

/** SQLSTATE classes that say "not now": connection (08), resources (53), operator intervention (57), serialisation (40). */
const UNAVAILABLE_CLASSES = ['08', '53', '57', '40']
const UNAVAILABLE_SOCKET_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']

/** More is asked of the database than it can answer soon: said at once, instead of letting the caller wait. */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError'
}

/** True when the database could not be asked; the same request may succeed a little later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable)
  if (error instanceof DatabaseBusyError) return true
  if (error instanceof SupabaseError && error.isAway) return true
  if (!(error instanceof Error)) return false
  if (isSilence(error)) return true
  if (
    /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/.test(
      error.message,
    )
  )
    return true
  if (!('code' in error) || typeof error.code !== 'string') return false
  return (
    UNAVAILABLE_SOCKET_CODES.includes(error.code) ||
    (error.code.length === 5 && UNAVAILABLE_CLASSES.includes(error.code.slice(0, 2)))
  )
}

/** True when a statement broke the named constraint. */
export const violates = (error: unknown, constraint: string): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === constraint

/** Postgres ended a statement so that two would not wait for each other for ever; repeated, it finds its way free. */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '40P01'
