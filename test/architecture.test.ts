import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { circlesIn } from './support/import-circles.ts'
import { longFunctionsIn } from './support/long-functions.ts'
import { undocumentedIn } from './support/undocumented.ts'

/** The folders of the project and what each may import, types included. A line of this table is a decision. */
/** All that other processes may know of the workflows. */
const CONTRACTS = [
  'workflows/contract.ts',
  'workflows/plan-migration-contract.ts',
  'workflows/reconciliation-contract.ts',
]
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: ['domain'],
  workflows: [
    'workflows',
    'domain',
    // For types alone: the bundle holds none of it, as a test below shows.
    'activities/index.ts',
    '@temporalio/workflow',
    '@temporalio/common',
    '@temporalio/interceptors-opentelemetry-v2',
    '@opentelemetry/api',
  ],
  activities: [
    'activities',
    'sync',
    'outbox',
    'adapters',
    'domain',
    ...CONTRACTS,
    '@temporalio/activity',
  ],
  sync: ['sync', 'adapters', 'domain', ...CONTRACTS, '*'],
  outbox: ['outbox', 'adapters', 'domain', '*'],
  adapters: ['adapters', 'domain', ...CONTRACTS, '*'],
  // The only place that knows all parts.
  assembly: ['assembly', 'activities', 'sync', 'outbox', 'adapters', 'domain', ...CONTRACTS, '*'],
  api: ['api', 'assembly', 'sync', 'outbox', 'adapters', 'domain', ...CONTRACTS, '*'],
  worker: ['worker', 'assembly', 'activities', 'adapters', 'domain', ...CONTRACTS, '*'],
  // Calls what the others can do; none of them calls it.
  cli: ['cli', 'assembly', 'sync', 'adapters', 'api', 'worker', 'domain', 'dev', '*'],
  // Runs wherever there is `fetch`, and has no dependencies.
  'packages/client': ['packages/client'],
  // Knows Stripe's SDK and nothing of the service.
  'packages/stripe-simulator': ['packages/stripe-simulator', '*'],
}
/** Nothing but these folders may know the package. */
const ONLY_IN: Record<string, readonly string[]> = {
  stripe: ['adapters/stripe', 'sync', 'packages/stripe-simulator', 'dev', 'test'],
  pg: ['adapters/database/postgres', 'dev', 'test'],
  kysely: ['adapters/database/postgres', 'test'],
  '@supabase/supabase-js': ['adapters/database/supabase', 'test'],
  nodemailer: ['adapters/mail', 'dev', 'test'],
  '@opentelemetry/api': ['adapters/telemetry', 'workflows/tracing.ts'],
  '@opentelemetry/sdk-trace-base': ['adapters/telemetry'],
  '@temporalio/interceptors-opentelemetry-v2': ['adapters/telemetry', 'workflows/tracing.ts'],
}
const LINES_MAX = 300
const MEDIAN_LINES_MAX = 80
const FUNCTION_LINES_MAX = 60
/** Longer functions, each with its reason. */
const LONG_FUNCTIONS: Record<string, string> = {
  'packages/client/unsent.ts createUnsent':
    'a queue in memory: functions of at most 24 lines that share its state',
  'packages/stripe-simulator/engine.ts createEngine':
    'a clock and its queues: functions of at most 17 lines that share them',
  'packages/stripe-simulator/objects/checkout-session.ts newCheckoutSession':
    'one object of Stripe, field by field',
  'packages/stripe-simulator/objects/credit-note.ts newCreditNote':
    'one object of Stripe, field by field',
  'packages/stripe-simulator/objects/invoice.ts newInvoice': 'one object of Stripe, field by field',
  'packages/stripe-simulator/objects/subscription.ts newSubscription':
    'one object of Stripe, field by field',
  'packages/stripe-simulator/store/store.ts createStore':
    'tables and their journal: functions of at most 35 lines that share them',
  'packages/stripe-simulator/webhooks/delivery.ts createDeliveries':
    'a queue in memory: functions of at most 24 lines that share its state',
}
/** Folders in which each exported name has a docstring. */
const DOCUMENTED = [
  'domain',
  'workflows',
  'activities',
  'sync',
  'outbox',
  'adapters',
  'assembly',
  'api',
  'worker',
  'cli',
  'dev',
  'packages/client',
  'packages/stripe-simulator',
]
const BANNED_NAME = /(^|[-/])(utils?|helpers?|services?|managers?|common|misc|base)([-./]|$)/

const ROOT = join(import.meta.dirname, '..')
const RUNTIME = [...Object.keys(MAY_IMPORT), 'dev']

type Source = { readonly path: string; readonly text: string }
const sources: Source[] = [...RUNTIME, 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((path) => /\.tsx?$/.test(path) && !/^packages\/client\/(dist|generated)\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })),
)

const IMPORT = /(?:\bfrom|^import|\bimport\()\s*'([^']+)'/gm
const TYPE_ONLY =
  /^import type [^;]*?from '[^']+'|^import \{(?:\s*type\s[^,}]+,?)+\s*\} from '[^']+'/gm

/** The imports of a file: a path from the root for its own files, the package's name for others. */
const importsIn = (path: string, text: string): string[] =>
  [...text.matchAll(IMPORT)].map(([, specifier = '']) => {
    if (specifier.startsWith('.')) return relative(ROOT, join(ROOT, dirname(path), specifier))
    return specifier.startsWith('@')
      ? specifier.split('/').slice(0, 2).join('/')
      : specifier.split('/')[0]!
  })

const allImports = ({ path, text }: Source) => importsIn(path, text)
const valueImports = ({ path, text }: Source) => importsIn(path, text.replaceAll(TYPE_ONLY, ''))

const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')

const isWithin = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)

describe('a folder is a runtime', () => {
  test.each(Object.entries(MAY_IMPORT))('%s imports only what may run there', (folder, allowed) => {
    const own = [...RUNTIME, 'test', 'migrations']
    const strays = sources
      .filter(({ path }) => isWithin(path, folder))
      .flatMap((source) =>
        allImports(source).map((imported) => `${source.path} imports ${imported}`),
      )
      .filter((line) => {
        const imported = line.split(' imports ')[1]!
        const isOwn = own.some((each) => isWithin(imported, each))
        return !allowed.some((each) => isWithin(imported, each) || (each === '*' && !isOwn))
      })
    expect(strays).toEqual([])
  })

  test.each(Object.entries(ONLY_IN))('%s is known in few places', (name, folders) => {
    const strays = sources
      .filter(({ path }) => !folders.some((folder) => isWithin(path, folder)))
      .filter((source) => valueImports(source).includes(name))
      .map(({ path }) => path)
    expect(strays).toEqual([])
  })

  test.each([
    ['adapters/database/operations', /^adapters\/database\/(postgres|supabase)\//],
    ['api', /^adapters\/database\//],
  ])('%s does not know the databases', (folder, database) => {
    const strays = sources
      .filter(({ path }) => isWithin(path, folder))
      .filter((source) => allImports(source).some((imported) => database.test(imported)))
    expect(strays.map(({ path }) => path)).toEqual([])
  })

  test('no import circle exists, types included', () => {
    const imports = new Map(
      sources
        .filter(({ path }) => !isWithin(path, 'test'))
        .map((source) => [source.path, allImports(source)]),
    )
    expect(circlesIn(imports)).toEqual([])
  })

  test('the oracle of the lives knows the rules from the documents alone', () => {
    const strays = sources
      .filter(({ path }) => isWithin(path, 'test/lives/oracle'))
      .flatMap((source) => [...source.text.matchAll(/from '([^']+)'/g)].map(([, from]) => from!))
      .filter((from) => !/^\.\/[\w-]+\.ts$/.test(from) && from !== '../acts.ts')
    expect(strays).toEqual([])
  })

  test('the domain reads no clock', () => {
    const strays = sources
      .filter(({ path }) => isWithin(path, 'domain'))
      .filter(({ text }) => /new Date\(\)|Date\.now\(\)/.test(withoutComments(text)))
    expect(strays.map(({ path }) => path)).toEqual([])
  })

  test('what an event of Stripe’s carries is read in one place, for its ids', () => {
    const strays = sources
      .filter(({ path }) => !isWithin(path, 'dev') && !isWithin(path, 'test'))
      .filter(({ text }) => /\bdata\.object\b/.test(withoutComments(text)))
      .map(({ path }) => path)
    expect(strays).toEqual(['sync/inbox/inbox-row.ts'])
  })

  test('the environment is read in few places', () => {
    const strays = sources
      .filter(({ path }) => !isWithin(path, 'dev') && !isWithin(path, 'test'))
      .filter(({ text }) => text.includes('process.env'))
      .map(({ path }) => path)
    expect(strays.sort()).toEqual(['api/main.ts', 'cli/main.ts', 'worker/main.ts'])
  })

  const modulesOf = (bundle: string) =>
    new Set(
      [
        ...readFileSync(bundle, 'utf8').matchAll(
          /"(?:\.\/)?node_modules\/((?:@[^/"]+\/)?[^/"]+)\//g,
        ),
      ].map(([, name]) => name!),
    )

  test.each(['workflowBundle', 'tracedBundle'] as const)(
    'the workflows, as %s, hold nothing that does input or output, and no zod',
    (bundle) => {
      const known = modulesOf(inject(bundle))
      expect(known.size).toBeGreaterThan(0)
      for (const banned of ['stripe', 'pg', 'kysely', 'zod', 'nodemailer', 'pino', 'hono'])
        expect(known).not.toContain(banned)
      expect([...known].filter((name) => name.includes('exporter'))).toEqual([])
    },
  )

  test('workflows that do not trace carry nothing of OpenTelemetry', () => {
    const ofTelemetry = (bundle: string) =>
      [...modulesOf(bundle)].filter((name) => name.includes('opentelemetry'))
    expect(ofTelemetry(inject('workflowBundle'))).toEqual([])
    expect(ofTelemetry(inject('tracedBundle'))).not.toEqual([])
  })
})

describe('files stay small and say what they are', () => {
  const lines = sources.map(({ path, text }) => ({ path, count: text.split('\n').length - 1 }))

  test(`none is longer than ${LINES_MAX} lines`, () => {
    const written = lines.filter(({ path }) => !path.includes('/generated/'))
    expect(written.filter(({ count }) => count > LINES_MAX)).toEqual([])
  })

  test(`half of them have at most ${MEDIAN_LINES_MAX} lines`, () => {
    const counts = lines.map(({ count }) => count).sort((a, b) => a - b)
    expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(MEDIAN_LINES_MAX)
  })

  test(`no function is longer than ${FUNCTION_LINES_MAX} lines, but for those that are listed`, () => {
    const long = sources
      .filter(({ path }) => !isWithin(path, 'test'))
      .flatMap(({ path, text }) => longFunctionsIn(path, text, FUNCTION_LINES_MAX))
    expect(long.sort()).toEqual(Object.keys(LONG_FUNCTIONS).sort())
  })

  test.each(DOCUMENTED)('each exported name of %s has a docstring', (folder) => {
    const undocumented = sources
      .filter(({ path }) => isWithin(path, folder) && !path.includes('/generated/'))
      .flatMap(({ path, text }) => undocumentedIn(path, text).map((name) => `${path}: ${name}`))
    expect(undocumented).toEqual([])
  })

  test('no name that could hold anything', () => {
    expect(sources.filter(({ path }) => BANNED_NAME.test(path)).map(({ path }) => path)).toEqual([])
  })

  test('no test has the name of another in its file', () => {
    const twins = sources
      .filter(({ path }) => path.endsWith('.test.ts'))
      .flatMap(({ path, text }) => {
        const names = [...text.matchAll(/^\s*test\(\s*'([^']+)'/gm)].map(([, name]) => name!)
        return names
          .filter((name, index) => names.indexOf(name) !== index)
          .map((name) => `${path}: ${name}`)
      })
    expect(twins).toEqual([])
  })
})
