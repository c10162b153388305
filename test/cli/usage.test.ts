import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.ts'
import { barOf } from '../../cli/progress.ts'
import { perennial } from './support.ts'

const COMMANDS = [
  'start',
  'advance',
  'demo',
  'api',
  'worker',
  'migrate',
  'doctor',
  'catalogue plan',
  'catalogue apply',
  'catalogue export',
  'keys create',
  'keys list',
  'keys rotate',
  'keys revoke',
  'reconcile',
  'import',
  'recover',
  'replay',
  'explain change',
  'redecide',
  'audit',
  'user export',
  'user erase',
  'version',
]
const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')

describe('help', () => {
  test.each(COMMANDS)('of `%s` says what it does, and has an example', async (command) => {
    const { exitCode, stdout } = await perennial([...command.split(' '), '--help'])
    expect(exitCode).toBe(EXIT.ok)
    expect(stdout).toContain(`Usage: perennial ${command}`)
    expect(stdout).toContain('Example:')
    expect(stdout).toContain('--json')
  })

  test('lists every command and the exit codes', async () => {
    const { stdout } = await perennial(['--help'])
    for (const command of COMMANDS) expect(stdout).toContain(`  ${command.split(' ')[0]} `)
    expect(stdout).toContain('Ends with 0 when all is well')
  })

  test('is listed in docs/cli.md', () => {
    const listed = [...page.matchAll(/^\| `npx perennial ([^`]+)`/gm)].map(([, name]) => name!)
    expect(listed).toEqual(COMMANDS)
  })
})

describe('a call that is wrong', () => {
  test.each([
    [['audti'], 'Did you mean audit?'],
    [['catalogue', 'pln', 'x.yaml'], 'Did you mean plan?'],
    [['reconcile', '--dry-rum'], 'Did you mean --dry-run?'],
    [['catalogue', 'plan'], "missing required argument 'file'"],
    [['catalogue', 'plan', '/nowhere.yaml'], 'DATABASE_URL is missing'],
    [['audit'], 'DATABASE_URL is missing: postgres://'],
    [['keys', 'list'], 'uses the stack of `npm start`, and none runs here'],
    [['reconcile'], 'STRIPE_API_KEY'],
    [['reconcile', '--repairs-max', '-1'], '--repairs-max takes a number'],
    [['replay', '--limit', '0'], '--limit takes a number from 1 to 100000'],
    [['advance', '3', 'parsecs'], 'perennial advance 1 month'],
    [
      ['keys', 'create', '--name', 'shop', '--scopes', 'all'],
      'is not a scope. Scopes: app, operator, read',
    ],
    [['keys', 'create', '--name', 'shop'], "required option '--scopes <scopes>'"],
    [['keys', 'rotate', 'mine'], 'perennial keys list'],
    [['user', 'erase', 'ada'], 'add --yes'],
  ])('%j ends with 2 and names the right arguments', async (args, words) => {
    const { exitCode, stdout, stderr } = await perennial(args)
    expect(exitCode).toBe(EXIT.usage)
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('    at ')
    expect(stdout).toBe('')
  })
})

const NOWHERE = { DATABASE_URL: 'postgres://perennial:secret@127.0.0.1:1/perennial' }

test('an unreachable database ends with 3, and the stack trace is printed only with --verbose', async () => {
  const plain = await perennial(['audit'], NOWHERE)
  expect(plain).toMatchObject({ exitCode: EXIT.unreachable, stdout: '' })
  expect(plain.stderr).toContain('ECONNREFUSED')
  expect(plain.stderr).not.toContain('    at ')
  const verbose = await perennial(['audit', '--verbose'], NOWHERE)
  expect(verbose.stderr).toContain('    at ')
})

test('version prints the version of the package', async () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const { stdout } = await perennial(['version', '--json'])
  expect(JSON.parse(stdout)).toEqual({ version, node: process.versions.node })
})

test('a progress bar is empty, half full, full, and full for an empty task', () => {
  expect([barOf(0, 4), barOf(2, 4), barOf(4, 4), barOf(0, 0)]).toEqual([
    `${'░'.repeat(24)}  0 of 4`,
    `${'█'.repeat(12)}${'░'.repeat(12)}  2 of 4`,
    `${'█'.repeat(24)}  4 of 4`,
    `${'█'.repeat(24)}  0 of 0`,
  ])
})
