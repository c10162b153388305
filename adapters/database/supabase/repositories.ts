import type { Repositories } from '../../../domain/repositories.ts'
import {
  createDatabaseRepositories,
  type DatabaseAccess,
  type RepositoryOptions,
} from '../operations/repositories.ts'
import { createSupabase, type SupabaseOptions } from './client.ts'
import { createSupabaseOperations } from './operations.ts'
import { createReadiness } from './readiness.ts'
import { createSupabaseTables } from './tables.ts'

/** All repositories on one Supabase project, over HTTP. */
export const createSupabaseRepositories = (
  project: SupabaseOptions,
  options: RepositoryOptions = {},
): Repositories => createDatabaseRepositories(createSupabaseAccess(project), options)

/** How a project reaches its database. */
export function createSupabaseAccess(project: SupabaseOptions): DatabaseAccess {
  const supabase = createSupabase(project)
  const operations = createSupabaseOperations(supabase)
  return {
    tables: createSupabaseTables(supabase),
    operations,
    ping: createReadiness(operations),
    close: async () => {},
  }
}
