import type { Repositories } from '../../../domain/repositories.ts'
import { createDatabaseRepositories } from '../operations/repositories.ts'
import type { UsageOptions } from '../operations/usage.ts'
import { createSupabase, type SupabaseOptions } from './client.ts'
import { createSupabaseOperations } from './operations.ts'
import { createReadiness } from './readiness.ts'
import { createSupabaseTables } from './tables.ts'

/** All repositories on one Supabase project, over HTTP. */
export function createSupabaseRepositories(
  project: SupabaseOptions,
  options: UsageOptions = {},
): Repositories {
  const supabase = createSupabase(project)
  const operations = createSupabaseOperations(supabase)
  return createDatabaseRepositories(
    {
      tables: createSupabaseTables(supabase),
      operations,
      ping: createReadiness(operations),
      close: async () => {},
    },
    options,
  )
}
