import { randomUUID } from 'node:crypto'
import { InvalidArgumentError, type Command } from 'commander'
import { newApiKey } from '../../adapters/secrets/api-key-secret.ts'
import {
  API_KEY_NAME_MAX_CHARACTERS,
  SCOPES,
  type ApiKey,
  type ApiKeyRepository,
  type Scope,
} from '../../domain/operator/api-key.ts'
import { answering, type Result, type Stage } from '../action.ts'
import { withRepositories } from '../database.ts'
import { RefusedError } from '../exit.ts'

/** Keys per listing: about one screen. */
const LISTED_MAX = 100
const OVERLAP_HOURS_MAX = 720
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

type Created = { readonly name: string; readonly scopes: Scope[]; readonly expires?: Date }
type RotateOptions = { readonly overlapHours: number }

/** Adds `keys create`, `list`, `rotate` and `revoke`, for the API keys in the database. */
export function addKeys(program: Command, stage: Stage): void {
  const keys = program
    .command('keys')
    .summary('create, list, rotate and revoke API keys, in DATABASE_URL')
    .addHelpText(
      'after',
      '\nScopes: app (acts for users), read (reads for them), operator (operates the service).',
    )
  for (const add of [addCreate, addList, addRotate, addRevoke]) add(keys, stage)
}

const onKeys = (stage: Stage, run: (repository: ApiKeyRepository, now: Date) => Promise<Result>) =>
  withRepositories(stage.terminal, 'keys', ({ apiKeys }, terminal) => run(apiKeys, terminal.now()))

function addCreate(keys: Command, stage: Stage): void {
  const { terminal } = stage
  keys
    .command('create')
    .summary('create a key and show it once')
    .requiredOption('--name <name>', 'a name for the key, such as the application’s', nameOfKey)
    .requiredOption('--scopes <scopes>', 'separated by commas: app, read, operator', scopesFrom)
    .option('--expires <instant>', 'when it expires, such as 2030-01-01T00:00:00Z', (text) =>
      instantAfter(terminal.now(), text),
    )
    .addHelpText('after', '\nExample:\n  $ npx perennial keys create --name shop --scopes app')
    .action(
      answering(stage, ({ name, scopes, expires }: Created, _command: Command) =>
        onKeys(stage, async (repository, now) => {
          const { key, prefix, hash } = newApiKey()
          const id = randomUUID()
          const expiresAt = expires ?? null
          const act = { at: now, by: null }
          await repository.create({ id, name, prefix, hash, scopes, expiresAt }, act)
          return { lines: shown(key), json: { id, key, name, scopes, expires_at: expiresAt } }
        }),
      ),
    )
}

function addList(keys: Command, stage: Stage): void {
  keys
    .command('list')
    .summary('list the keys, newest first, with the time of their last use')
    .addHelpText('after', '\nExample:\n  $ npx perennial keys list --json')
    .action(
      answering(stage, (_options: unknown, _command: Command) =>
        onKeys(stage, async (repository) => {
          const found = await repository.list(LISTED_MAX)
          return {
            lines: found.length === 0 ? ['There are no keys.'] : found.map(lineOf),
            json: { keys: found.map(viewOf) },
          }
        }),
      ),
    )
}

function addRotate(keys: Command, stage: Stage): void {
  const rotate = (id: string, { overlapHours }: RotateOptions, _command: Command) =>
    onKeys(stage, async (repository, at) => {
      const { key, prefix, hash } = newApiKey()
      const until = new Date(at.getTime() + overlapHours * 3_600_000)
      const successor = { id: randomUUID(), prefix, hash }
      const outcome = await repository.rotate(id, successor, until, { at, by: null })
      if (outcome.kind === 'unknown') throw new RefusedError(`There is no key ${id}.`)
      if (outcome.kind === 'over')
        throw new RefusedError(`The key ${id} has ended or was rotated before.`)
      return {
        lines: [...shown(key), `The old key works until ${until.toISOString()}.`],
        json: { id: successor.id, key, replaces: id, replaced_until: until },
      }
    })
  keys
    .command('rotate')
    .summary('replace a key; both work for a while')
    .argument('<id>', 'the id of the key', idOfKey)
    .option('--overlap-hours <hours>', 'how long both keys work', hoursFrom, 24)
    .addHelpText('after', '\nExample:\n  $ npx perennial keys rotate <id> --overlap-hours 48')
    .action(answering(stage, rotate))
}

function addRevoke(keys: Command, stage: Stage): void {
  keys
    .command('revoke')
    .summary('revoke a key, within five seconds')
    .argument('<id>', 'the id of the key', idOfKey)
    .addHelpText('after', '\nExample:\n  $ npx perennial keys revoke <id>')
    .action(
      answering(stage, (id: string, _options: unknown, _command: Command) =>
        onKeys(stage, async (repository, at) => {
          const outcome = await repository.revoke(id, { at, by: null })
          if (outcome.kind !== 'revoked') throw new RefusedError(`There is no key ${id}.`)
          return {
            lines: [`Revoked, within five seconds: ${lineOf(outcome.key)}`],
            json: viewOf(outcome.key),
          }
        }),
      ),
    )
}

const shown = (key: string) => [
  key,
  'Copy it now: only its hash is stored, and it is not shown again.',
]

const lineOf = ({ id, prefix, name, scopes, revokedAt, expiresAt, lastUsedAt }: ApiKey) =>
  [
    `${id}  ${prefix}…  ${scopes.join(',')}  ${name}`,
    revokedAt && `revoked ${revokedAt.toISOString()}`,
    expiresAt && `expires ${expiresAt.toISOString()}`,
    `last used ${lastUsedAt?.toISOString() ?? 'never'}`,
  ]
    .filter(Boolean)
    .join('  ')

const viewOf = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  created_at: key.createdAt,
  expires_at: key.expiresAt,
  last_used_at: key.lastUsedAt,
  revoked_at: key.revokedAt,
  rotated_from: key.rotatedFrom,
})

function nameOfKey(text: string): string {
  if (text.length > 0 && text.length <= API_KEY_NAME_MAX_CHARACTERS) return text
  throw new InvalidArgumentError(`A name has 1 to ${API_KEY_NAME_MAX_CHARACTERS} characters.`)
}

function scopesFrom(text: string): Scope[] {
  return text.split(',').map((word) => {
    const scope = SCOPES.find((each) => each === word.trim())
    if (scope === undefined)
      throw new InvalidArgumentError(`\`${word}\` is not a scope. Scopes: ${SCOPES.join(', ')}.`)
    return scope
  })
}

function instantAfter(now: Date, text: string): Date {
  const at = new Date(text)
  if (/^\d{4}-\d\d-\d\dT.*Z$/.test(text) && at > now) return at
  throw new InvalidArgumentError('Use an instant in the future, such as 2030-01-01T00:00:00Z.')
}

function hoursFrom(text: string): number {
  const hours = Number(text)
  if (text.trim() !== '' && hours >= 0 && hours <= OVERLAP_HOURS_MAX) return hours
  throw new InvalidArgumentError(`Use a number from 0 to ${OVERLAP_HOURS_MAX}.`)
}

function idOfKey(text: string): string {
  if (UUID.test(text)) return text
  throw new InvalidArgumentError('Use an id from `perennial keys list`.')
}
