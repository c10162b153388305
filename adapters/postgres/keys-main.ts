import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Kysely, PostgresDialect } from 'kysely'
import { z } from 'zod'
import {
  API_KEY_NAME_MAX_CHARACTERS,
  SCOPES,
  type ApiKey,
  type ApiKeyRepository,
} from '../../domain/api-key.ts'
import { newApiKey } from '../api-key-secret.ts'
import { createApiKeyRepository } from './api-keys.ts'
import { databaseOfCommand } from './command-database.ts'
import { createPostgresOperations } from './operations.ts'
import { createPool } from './pool.ts'
import type { Database } from './schema.ts'

const USAGE = `npm run keys -- create --name shop --scopes app [--expires 2030-01-01T00:00:00Z]
npm run keys -- rotate <id> [--overlap-hours 24]
npm run keys -- revoke <id>
npm run keys -- list

Scopes, separated by commas: app (acts for users), read (reads for them), operator (operates the service).`

/** One screen of keys. */
const LISTED_MAX = 100

const command = z.discriminatedUnion('command', [
  z.object({
    command: z.literal('create'),
    name: z.string().min(1).max(API_KEY_NAME_MAX_CHARACTERS),
    scopes: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(SCOPES)).min(1)),
    expires: z.iso
      .datetime()
      .transform((at) => new Date(at))
      .refine((at) => at > new Date(), 'must be in the future')
      .optional(),
  }),
  z.object({
    command: z.literal('rotate'),
    id: z.uuid(),
    'overlap-hours': z.coerce.number().min(0).max(720).default(24),
  }),
  z.object({ command: z.literal('revoke'), id: z.uuid() }),
  z.object({ command: z.literal('list') }),
])

function parse(words: string[]): z.infer<typeof command> {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { name: text, scopes: text, expires: text, 'overlap-hours': text },
  })
  return command.parse({ ...values, command: positionals[0], id: positionals[1] })
}

async function run(keys: ApiKeyRepository, asked: z.infer<typeof command>): Promise<string> {
  const at = new Date()
  const act = { at, by: null }
  if (asked.command === 'list') {
    const found = await keys.list(LISTED_MAX)
    return found.length === 0 ? 'There are no keys.' : found.map(lineOf).join('\n')
  }
  if (asked.command === 'revoke') {
    const outcome = await keys.revoke(asked.id, act)
    if (outcome.kind === 'revoked') return `Revoked, within five seconds: ${lineOf(outcome.key)}`
    throw new RangeError(`There is no key ${asked.id}.`)
  }
  const { key, prefix, hash } = newApiKey()
  if (asked.command === 'create') {
    const { name, scopes, expires } = asked
    const id = randomUUID()
    await keys.create({ id, name, prefix, hash, scopes, expiresAt: expires ?? null }, act)
    return shown(key)
  }
  const until = new Date(at.getTime() + asked['overlap-hours'] * 3_600_000)
  const outcome = await keys.rotate(asked.id, { id: randomUUID(), prefix, hash }, until, act)
  if (outcome.kind === 'rotated')
    return `${shown(key)}\nThe old one works until ${until.toISOString()}.`
  throw new RangeError(
    outcome.kind === 'unknown'
      ? `There is no key ${asked.id}.`
      : `The key ${asked.id} is over, or was rotated before.`,
  )
}

const shown = (key: string) => `${key}\nKeep it now: it is stored nowhere and not shown again.`

const lineOf = ({ id, prefix, name, scopes, revokedAt, expiresAt, lastUsedAt }: ApiKey) =>
  [
    `${id}  ${prefix}…  ${scopes.join(',')}  ${name}`,
    revokedAt && `revoked ${revokedAt.toISOString()}`,
    expiresAt && `expires ${expiresAt.toISOString()}`,
    `last used ${lastUsedAt?.toISOString() ?? 'never'}`,
  ]
    .filter(Boolean)
    .join('  ')

const pool = createPool({
  databaseUrl: databaseOfCommand(),
  connectionsMax: 1,
  applicationName: 'perennial-keys',
  onError: (error) => console.error(error.message),
})
const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
try {
  console.log(
    await run(
      createApiKeyRepository(db, createPostgresOperations(db)),
      parse(process.argv.slice(2)),
    ),
  )
} catch (error) {
  const isOurs = error instanceof RangeError
  const isUsage = error instanceof z.ZodError || error instanceof TypeError
  if (!isOurs && !isUsage) throw error
  console.error(
    error instanceof z.ZodError ? `${z.prettifyError(error)}\n\n${USAGE}` : error.message,
  )
  process.exitCode = 1
} finally {
  await db.destroy()
}
