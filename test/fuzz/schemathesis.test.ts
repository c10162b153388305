import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

/** An invalid body may also be too large (413) or of another type (415). */
const SETTINGS = `[checks]
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428"]
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
    world = await createWorld()
    directory = await mkdtemp(join(tmpdir(), 'perennial-fuzz-'))
    await writeFile(join(directory, 'schemathesis.toml'), SETTINGS)
  })
  afterAll(async () => {
    await world.close()
    await rm(directory, { recursive: true })
  })

  test(
    'finds no error and no undocumented response',
    async () => {
      const { userId } = await storeActive(world.database.repositories, { at: world.clock.now() })
      const options = {
        url: world.url,
        checks: CHECKS.join(','),
        'max-examples': EXAMPLES,
        // Every body without Stripe's signature is refused unread.
        'exclude-path-regex': 'webhooks',
      }
      const { code, output } = await run([
        'run',
        `${world.url}/openapi.json`,
        ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
        '--header=Authorization: Bearer bk_dev_operator',
        `--header=X-User-Id: ${userId}`,
        '--no-color',
      ])
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
    },
    RUN_MAX_MS,
  )

  const run = (words: string[]) =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const options = { cwd: directory, timeout: RUN_MAX_MS, maxBuffer: 64 * 1_024 * 1_024 }
      const child = execFile(PROGRAM, words, options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode, output: stdout + stderr }),
      )
    })
})
