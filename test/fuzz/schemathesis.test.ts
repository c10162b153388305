import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { storeActive } from '../support/rows.ts'
import { createWorld, type World } from '../support/world.ts'

const PROGRAM = process.env['SCHEMATHESIS'] ?? 'schemathesis'
/** Requests per operation and phase. */
const EXAMPLES = 25
const RUN_MAX_MS = 240_000
/**
 * All checks but `positive_data_acceptance`, because a schema cannot say that an instant must be in the future.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
  'ignored_auth',
]

/**
 * Schemathesis plays chains of calls along the links of the document: what one call makes, the next ones use. It repeats them
 * for this long. Set `FUZZ_SECONDS` for more.
 */
const CHAINS_SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 15)
const STEPS_MAX = 8
/** Apart, because Schemathesis begins most chains with the calls that are easiest to make. */
const CHAINS = [
  ['subscriptions', 'billing/(plans|subscriptions|invoices)|admin/(subscriptions|invoices)'],
  ['usage', 'billing/usage|admin/(features|grants|users)'],
  ['the catalogue', 'admin/(plans|plan-migrations)'],
  ['keys and endpoints', 'admin/(api-keys|webhook-endpoints|webhook-deliveries)'],
] as const

/** An invalid body may also be too large (413) or of another type (415). */
const SETTINGS = `[checks]
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428"]

[phases.stateful]
max-steps = ${STEPS_MAX}
inference.algorithms = []
`

function hasSchemathesis(): boolean {
  if (spawnSync(PROGRAM, ['--version']).status === 0) return true
  process.stderr.write(
    'SKIPPED: fuzzing by Schemathesis. test/fuzz/api.test.ts fuzzes with the same document. ' +
      'Run pip install schemathesis, or set SCHEMATHESIS to its path.\n',
  )
  return false
}

describe.skipIf(!hasSchemathesis())('Schemathesis, with the OpenAPI document', () => {
  let world: World
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'perennial-fuzz-'))
    await writeFile(join(directory, 'schemathesis.toml'), SETTINGS)
  })
  // A world for each, because an operator may retire every plan.
  beforeEach(async () => {
    world = await createWorld()
  })
  afterEach(() => world.close())
  afterAll(() => rm(directory, { recursive: true }))

  test(
    'finds no error and no undocumented response',
    async () => {
      const options = { phases: 'examples,coverage,fuzzing', 'max-examples': EXAMPLES }
      expect(await play(options)).toEqual({ code: 0, output: '' })
    },
    RUN_MAX_MS,
  )

  test.each(CHAINS)(
    'finds no error and no undocumented response in chains of calls: %s',
    async (_, paths) => {
      const options = {
        phases: 'stateful',
        // An invalid call makes nothing that the next one could use.
        mode: 'positive',
        'max-time': CHAINS_SECONDS,
        'include-path-regex': paths,
      }
      expect(await play(options)).toEqual({ code: 0, output: '' })
    },
    RUN_MAX_MS,
  )

  /** Plays these phases as an operator, for a user with a subscription. */
  async function play(options: Record<string, string | number>) {
    const { userId } = await storeActive(world.database.repositories, { at: world.clock.now() })
    const all = {
      url: world.url,
      checks: CHECKS.join(','),
      // Every body without Stripe's signature is refused unread.
      'exclude-path-regex': 'webhooks/',
      ...options,
    }
    const { code, output } = await run([
      'run',
      `${world.url}/openapi.json`,
      ...Object.entries(all).map(([name, value]) => `--${name}=${value}`),
      '--header=Authorization: Bearer bk_dev_operator',
      `--header=X-User-Id: ${userId}`,
      '--no-color',
    ])
    return { code, output: code === 0 ? '' : output }
  }

  const run = (words: string[]) =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const options = { cwd: directory, timeout: RUN_MAX_MS, maxBuffer: 64 * 1_024 * 1_024 }
      const child = execFile(PROGRAM, words, options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode, output: stdout + stderr }),
      )
    })
})
