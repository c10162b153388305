import { z } from 'zod'
import type { DatabaseConfig } from './repositories.ts'

/** Part of what both processes read: the database is a Postgres, or a Supabase project. */
export const databaseEnvironment = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_CONNECTIONS_MAX: z.coerce.number().int().min(1).max(500).default(20),
  /** `transaction` where a pooler before Postgres hands out a connection for one transaction at a time. */
  DATABASE_POOLER: z.enum(['none', 'transaction']).default('none'),
  SUPABASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1).optional(),
}

type DatabaseEnvironment = z.infer<z.ZodObject<typeof databaseEnvironment>>

/** What is wrong with the choice itself, a line each. */
export function problemsOfDatabase(environment: NodeJS.ProcessEnv): string[] {
  const { DATABASE_URL: postgres, SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: key } = environment
  if (!postgres && !url && !key)
    return ['DATABASE_URL: is missing, or in its place SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY']
  if (postgres && (url || key))
    return [
      'DATABASE_URL: is set, and so is Supabase: leave out DATABASE_URL, which migrations alone need then, or SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY',
    ]
  if (postgres) return []
  return [
    ...(url ? [] : ['SUPABASE_URL: is missing, such as https://<project>.supabase.co']),
    ...(key ? problemsOfKey(key) : ['SUPABASE_SERVICE_ROLE_KEY: is missing']),
  ]
}

/** With another key row-level security would hide every row, and nothing would say so. */
function problemsOfKey(key: string): string[] {
  if (key.startsWith('sb_secret_') || claimOf(key, 'role') === 'service_role') return []
  return ['SUPABASE_SERVICE_ROLE_KEY: this key’s role is not service_role: users’ keys see nothing']
}

/** A claim of a token whose signature others check; undefined where there is none. */
export function claimOf(token: string, claim: string): unknown {
  try {
    const [, payload = ''] = token.split('.')
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return typeof claims === 'object' && claims !== null
      ? Object.entries(claims).find(([name]) => name === claim)?.[1]
      : undefined
  } catch {
    return undefined
  }
}

/** Of an environment in which nothing is wrong with the choice. */
export function databaseConfig(environment: DatabaseEnvironment): DatabaseConfig {
  const { DATABASE_URL, SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = environment
  if (SUPABASE_URL !== undefined && SUPABASE_SERVICE_ROLE_KEY !== undefined)
    return { kind: 'supabase', url: SUPABASE_URL, serviceRoleKey: SUPABASE_SERVICE_ROLE_KEY }
  if (DATABASE_URL === undefined) throw new Error('no database is chosen')
  return {
    kind: 'postgres',
    url: DATABASE_URL,
    connectionsMax: environment.DATABASE_CONNECTIONS_MAX,
    pooler: environment.DATABASE_POOLER,
  }
}
