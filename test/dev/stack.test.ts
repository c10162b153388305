import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { isGroupAlive } from '../../dev/process-group.ts'
import { nodeProgram, PROJECT } from '../../dev/project.ts'
import { run } from '../../dev/run.ts'

/** A cold start bundles the workflows and may install the Temporal CLI, on a machine that is busy with other tests. */
const READY = { timeout: 180_000, interval: 100 }
const GONE = { timeout: 40_000, interval: 100 }
/** Webhook, workflow and database; the budget is far smaller and measured elsewhere. */
const ACTIVE = { timeout: 30_000, interval: 100 }
const TEST_TIMEOUT_MS = 400_000

let state: string
let stack: RunningStack

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'perennial-stack-'))
  stack = await start()
}, READY.timeout)

afterAll(async () => {
  await stop(stack)
  // Root's database may be elsewhere, behind a symlink.
  await rm(state, { recursive: true })
})

test(
  'npm start serves a whole purchase, survives kill -9 and leaves nothing behind',
  async () => {
    const [checkout, pay, consume, usage] = stack.curlLines
    expect(await paste(checkout)).toMatchObject({ status: 'incomplete' })
    await paste(pay)
    await vi.waitFor(async () => {
      expect(await paste(usage)).toMatchObject({ plan: 'plan_pro_monthly', status: 'active' })
    }, ACTIVE)
    expect(await paste(consume)).toMatchObject({ outcome: 'allowed', used_amount: 1 })

    const groups = await processGroups()
    expect(groups).toHaveLength(4)
    stack.process.kill('SIGKILL')
    await vi.waitFor(async () => {
      expect(await Promise.all(groups.map(isGroupAlive))).not.toContain(true)
    }, GONE)

    stack = await start()
    expect(await paste(stack.curlLines[2])).toMatchObject({ outcome: 'allowed', used_amount: 2 })
  },
  TEST_TIMEOUT_MS,
)

test(
  'each other command that it prints runs as pasted',
  async () => {
    const lines = stack.output.join('').split('\n')
    const commands = lines.filter((line) => line.startsWith('npm run '))
    expect(commands).toEqual(['npm run account -- ada', 'npm run advance -- 1 month'])
    for (const command of [...commands, 'npm run catalogue -- plan catalogue.yaml']) {
      const args = ['-c', command]
      const program = { name: command, command: 'bash', args, cwd: PROJECT, env: environment() }
      expect(await run({ ...program, timeoutMs: TEST_TIMEOUT_MS })).not.toBe('')
    }
  },
  TEST_TIMEOUT_MS,
)

test(
  'npm run demo runs a full lifecycle, from the trial to the end, each e-mail once',
  async () => {
    const lines = await run({
      name: 'demo',
      ...nodeProgram('cli/main.ts', 'demo', '--yes'),
      env: environment(),
      timeoutMs: TEST_TIMEOUT_MS,
    })
    const kinds = [...lines.matchAll(/^ +[\d-]{10} [\d:]{5} +(\w+) /gm)].map(([, kind]) => kind)
    expect(kinds.filter((kind) => kind !== 'quota_threshold')).toEqual([
      'checkout_opened',
      'trial_started',
      'trial_ending',
      'activated',
      'plan_changed',
      'renewed',
      'payment_failed',
      'recovered',
      'cancellation_scheduled',
      'canceled',
    ])
    const [, previewed] = /the preview says (\S+)/.exec(lines) ?? []
    expect(lines).toContain(`the invoice says ${previewed}`)
    expect(lines.match(/e-mail: /g)).toHaveLength(11)
  },
  TEST_TIMEOUT_MS,
)

test(
  'SIGTERM stops every process before the stack itself ends',
  async () => {
    const groups = await processGroups()
    expect(await stop(stack)).toBe(0)
    expect(await Promise.all(groups.map(isGroupAlive))).not.toContain(true)
  },
  TEST_TIMEOUT_MS,
)

type RunningStack = { process: ChildProcess; output: string[]; curlLines: string[] }

async function start(): Promise<RunningStack> {
  const { command, args, cwd } = nodeProgram('dev/main.ts')
  const process = spawn(command, args, {
    cwd,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output: string[] = []
  process.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  const ended = once(process, 'exit').then(() => Promise.reject(new Error(output.join(''))))
  const ready = vi.waitFor(() => {
    expect(output.join('')).toContain('Ctrl-C stops everything')
  }, READY)
  await Promise.race([ready, ended])
  const curlLines = output
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('curl '))
  return { process, output, curlLines }
}

/** Removes all variables that replace parts of the stack on this machine. */
function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: undefined,
    TEMPORAL_ADDRESS: undefined,
    TEMPORAL_NAMESPACE: undefined,
    STRIPE_API_KEY: undefined,
    PORT: undefined,
    PERENNIAL_STATE: state,
  }
}

async function stop({ process }: RunningStack): Promise<number | null> {
  if (process.exitCode !== null || process.signalCode !== null) return process.exitCode
  process.kill('SIGTERM')
  await once(process, 'exit')
  return process.exitCode
}

async function paste(line: string | undefined): Promise<unknown> {
  const output = await run({
    name: 'curl',
    command: 'bash',
    // Silent, because curl's progress would mix with the answer.
    args: ['-c', `curl() { command curl --silent "$@"; }\n${line}`],
    timeoutMs: 20_000,
  })
  return JSON.parse(output)
}

async function processGroups(): Promise<number[]> {
  const text = await readFile(join(state, 'processes'), 'utf8')
  return text.trim().split('\n').map(Number)
}
