import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createClient } from '@hey-api/openapi-ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT } from '../../dev/project.ts'
import { newUser } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

/** A Python that has `openapi-python-client`. */
const PYTHON = process.env['OPENAPI_PYTHON'] ?? 'python3'
const STEP_MAX_MS = 60_000

const run = promisify(execFile)
let world: World
let directory: string
beforeAll(async () => {
  world = await createWorld()
  directory = await mkdtemp(join(tmpdir(), 'perennial-generated-'))
})
afterAll(async () => {
  await world.close()
  await rm(directory, { recursive: true })
})

/** The output of each program: the status after the checkout, the outcome of one use, and the usage that is read then. */
const PRINTED = 'active allowed 1'

describe('a client that a generator makes from the OpenAPI document', () => {
  test('in TypeScript compiles, names a user, starts a checkout, consumes and reads usage', async () => {
    await createClient({
      input: `${world.url}/openapi.json`,
      output: { path: join(directory, 'sdk') },
      plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
      logs: { level: 'silent' },
    })
    await writeFile(join(directory, 'package.json'), '{"type": "module"}')
    await writeFile(join(directory, 'program.ts'), TYPESCRIPT)
    await symlink(join(PROJECT, 'node_modules'), join(directory, 'node_modules'))
    const options = { cwd: directory, timeout: STEP_MAX_MS }
    const types = ['--strict', '--noEmit', '--skipLibCheck', '--types', 'node']
    const target = ['--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler']
    await run(process.execPath, [TSC, ...types, ...target, 'program.ts'], options)
    const words = ['--import', 'tsx', 'program.ts', world.url, newUser()]
    expect((await run(process.execPath, words, options)).stdout.trim()).toBe(PRINTED)
  }, 120_000)

  test.skipIf(!hasPythonGenerator())(
    'in Python is complete, names a user, starts a checkout, consumes and reads usage',
    async () => {
      const [document, config] = ['openapi.json', 'config.yaml']
      await writeFile(
        join(directory, document),
        await (await fetch(`${world.url}/openapi.json`)).text(),
      )
      // The hooks only format the code.
      await writeFile(join(directory, config), 'post_hooks: []\n')
      await writeFile(join(directory, 'program.py'), PYTHON_PROGRAM)
      const options = { cwd: directory, timeout: STEP_MAX_MS }
      const generate = ['-m', 'openapi_python_client', 'generate', '--meta', 'none']
      // A warning is a call or a schema that the client does not have.
      const words = ['--fail-on-warning', '--path', document, '--config', config]
      await run(PYTHON, [...generate, ...words, '--output-path', 'billing'], options)
      const { stdout } = await run(PYTHON, ['program.py', world.url, newUser()], options)
      expect(stdout.trim()).toBe(PRINTED)
    },
    120_000,
  )
})

const TSC = join(PROJECT, 'node_modules/typescript/bin/tsc')

const TYPESCRIPT = `import { checkout, consumeUsage, getUsage } from './sdk/index.js'
import { client } from './sdk/client.gen.js'

const [baseUrl, user] = process.argv.slice(2)
client.setConfig({ baseUrl, headers: { authorization: 'Bearer bk_dev_app' } })
const options = { headers: { 'X-User-Id': user }, throwOnError: true } as const

const started = await checkout({ ...options, body: { plan_id: 'plan_free' } })
const used = await consumeUsage({ ...options, body: { feature: 'messages_sent', amount: 1 } })
const usage = await getUsage(options)
const amount = usage.data.features.find(({ code }) => code === 'messages_sent')?.used_amount
console.log(started.data.status, used.data.outcome, amount)
// @ts-expect-error a checkout needs a plan
export const wrong = () => checkout({ ...options, body: {} })
`

const PYTHON_PROGRAM = `import importlib
import pkgutil
import sys

import billing
from billing import AuthenticatedClient
from billing.api.subscriptions import checkout
from billing.api.usage import consume_usage, get_usage
from billing.models import CheckoutRequest, ConsumeRequest

for module in pkgutil.walk_packages(billing.__path__, "billing."):
    importlib.import_module(module.name)

base_url, user = sys.argv[1:]
client = AuthenticatedClient(base_url=base_url, token="bk_dev_app", raise_on_unexpected_status=True)
started = checkout.sync(client=client, body=CheckoutRequest(plan_id="plan_free"), x_user_id=user)
use = ConsumeRequest(feature="messages_sent", amount=1)
used = consume_usage.sync(client=client, body=use, x_user_id=user)
usage = get_usage.sync(client=client, x_user_id=user)
amount = next(each.used_amount for each in usage.features if each.code == "messages_sent")
print(started.status.value, used.outcome.value, amount)
`

function hasPythonGenerator(): boolean {
  if (spawnSync(PYTHON, ['-m', 'openapi_python_client', '--version']).status === 0) return true
  process.stderr.write(
    'SKIPPED: a generated client in Python. Run pip install openapi-python-client, or set ' +
      'OPENAPI_PYTHON to a Python that has it.\n',
  )
  return false
}
