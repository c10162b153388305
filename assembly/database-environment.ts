import { z } from 'zod'
import type { DatabaseConfig } from './repositories.ts'

/** The variables of the database: a Postgres, or a Supabase project. */
export const databaseEnvironment = {
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must be postgres://user:password@host:5432/database',
    })
    .optional(),
  DATABASE_CONNECTIONS_MAX: z.coerce.number().int().min(1).max(500).default(20),
  /** `transaction` for a pooler in front of Postgres that assigns a connection for one transaction. */
  DATABASE_POOLER: z.enum(['none', 'transaction']).default('none'),
  SUPABASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1).optional(),
}

type DatabaseEnvironment = z.infer<z.ZodObject<typeof databaseEnvironment>>

/** @returns a line for each problem with the choice of a database */
export function problemsOfDatabase(environment: NodeJS.ProcessEnv): string[] {
  const { DATABASE_URL: postgres, SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: key } = environment
  if (!postgres && !url && !key)
    return [
      'DATABASE_URL: is missing, and so are SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY. Set one or the other',
    ]
  if (postgres && (url || key))
    return [
      'DATABASE_URL: is set, and so is Supabase. Remove DATABASE_URL, which only migrations need with Supabase, or SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY',
    ]
  if (postgres) return []
  return [
    ...(url ? [] : ['SUPABASE_URL: is missing, such as https://<project>.supabase.co']),
    ...(key ? problemsOfKey(key) : ['SUPABASE_SERVICE_ROLE_KEY: is missing']),
  ]
}

/** With another key, row-level security would hide every row without an error. */
function problemsOfKey(key: string): string[] {
  if (key.startsWith('sb_secret_') || claimOf(key, 'role') === 'service_role') return []
  return ['SUPABASE_SERVICE_ROLE_KEY: this key’s role is not service_role. Users’ keys see no rows']
}

/** @returns a claim of a token, without checking its signature; undefined when there is none */
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

/** @param environment one without problems @throws when no database is set */
export function databaseConfig(environment: DatabaseEnvironment): DatabaseConfig {
  const { DATABASE_URL, SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY } = environment
  if (SUPABASE_URL !== undefined && SUPABASE_SERVICE_ROLE_KEY !== undefined)
    return { kind: 'supabase', url: SUPABASE_URL, serviceRoleKey: SUPABASE_SERVICE_ROLE_KEY }
  if (DATABASE_URL === undefined) throw new Error('no database is configured')
  return {
    kind: 'postgres',
    url: DATABASE_URL,
    connectionsMax: environment.DATABASE_CONNECTIONS_MAX,
    pooler: environment.DATABASE_POOLER,
  }
}
