import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BASE_PATH } from '../../../api/app.ts'
import { spawnLeashed } from '../../../dev/leash.ts'
import { nodeProgram } from '../../../dev/project.ts'
import { pay } from '../../support/checkout-page.ts'
import { until } from '../../support/until.ts'
import { atMost } from '../budgets.ts'
import { inRounds, median, type Section } from '../section.ts'

/** Starts with existing state, after one without. */
const WARM_STARTS = 3
const START_TIMEOUT_MS = 180_000
const GRACE_SECONDS = 30
const PURCHASES = 25
/** The first ones compile code and open connections. */
const WARM_UP = 5

/** The first experience of `npm start`: startup time, and time from payment to access. */
export const stack: Section = {
  name: 'stack',
  async measure() {
    const directory = await mkdtemp(join(tmpdir(), 'perennial-bench-'))
    try {
      await (await start(directory)).stop()
      const waits: number[] = []
      const starts = await inRounds('stack', WARM_STARTS, async (index) => {
        const running = await start(directory)
        if (index === WARM_STARTS - 1)
          for (let count = 0; count < WARM_UP + PURCHASES; count++)
            waits.push(await purchase(running.url))
        await running.stop()
        return running.seconds
      })
      const measured = waits.slice(WARM_UP).sort((a, b) => a - b)
      return {
        figures: [
          {
            name: 'payment to active, slowest of 25',
            value: measured.at(-1) ?? NaN,
            unit: 'ms',
          },
        ],
        budgets: [
          atMost('start of the embedded stack, warm', median(starts), 10, 's'),
          {
            name: 'webhook to active, p50 (from the payment)',
            measured: median(measured),
            bound: 'below',
            limit: 300,
            unit: 'ms',
          },
        ],
        rounds: { starts, waits },
      }
    } finally {
      await rm(directory, { recursive: true })
    }
  },
}

async function start(directory: string) {
  const began = performance.now()
  const lines: string[] = []
  const program = spawnLeashed({
    name: 'npm start',
    ...nodeProgram('dev/main.ts'),
    env: { ...process.env, PERENNIAL_STATE: directory },
    stopSignal: 'TERM',
    graceSeconds: GRACE_SECONDS,
    onLine: (line) => lines.push(line),
  })
  await program.lineMatching(/Perennial is up/, START_TIMEOUT_MS)
  const seconds = (performance.now() - began) / 1_000
  const address = /^ +API +(http\S+)/
  await until('it says where it is', async () =>
    Promise.resolve(lines.some((each) => address.test(each))),
  )
  const url = lines.map((each) => address.exec(each)?.[1]).find((each) => each !== undefined) ?? ''
  return { seconds, url, stop: program.stop }
}

/** Milliseconds from the click on Stripe's page until the API reports access. */
async function purchase(url: string): Promise<number> {
  const headers = {
    authorization: 'Bearer bk_dev_app',
    'content-type': 'application/json',
    'x-user-id': `buyer-${randomUUID()}`,
  }
  const answer = await fetch(`${url}${BASE_PATH}/subscriptions/checkout`, {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': randomUUID() },
    body: JSON.stringify({ plan_id: 'plan_pro_monthly' }),
  })
  const { checkout_url } = (await answer.json()) as { readonly checkout_url?: string }
  if (checkout_url === undefined) throw new Error(`no checkout: ${answer.status}`)
  const began = performance.now()
  await pay(checkout_url)
  await until('it is active', async () => {
    const read = await fetch(`${url}${BASE_PATH}/subscriptions/current`, { headers })
    return ((await read.json()) as { readonly status?: string }).status === 'active'
  })
  return performance.now() - began
}
