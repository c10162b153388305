import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openBenchDatabase } from './database.ts'
import { send } from './load.ts'
import { startApi, type Served } from './processes.ts'
import { SETTING } from './setting.ts'

/** `npm run bench:telemetry`: the CPU cost of telemetry in the API's process, per usage call. */
const ROUNDS = 3
/** Calls per second: a load below every variant's capacity, so that CPU time and not the queue is measured. */
const RATE = 1_500
/** The kernel's clock ticks per second, on Linux. */
const TICKS_PER_SECOND = 100

const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.end())
})
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
const { port } = receiver.address() as AddressInfo
const exporting = (share: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  OTEL_TRACES_SAMPLER_ARG: share,
})
const WAYS = [
  ['off', {}],
  ['metrics, and a trace of 1 in 100', exporting('0.01')],
  ['metrics, and a trace of each', exporting('1')],
] as const

const { url, stop } = await openBenchDatabase({ connectionsMax: 20 })
try {
  const measured = WAYS.map(([name]) => ({ name, micros: [] as number[] }))
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, [, environment]] of WAYS.entries()) {
      const api = await startApi(url, environment)
      // Exclude the CPU time of the start.
      await send({ kind: 'spread', url: api.url, rate: RATE })
      measured[index]?.micros.push(await microsPerCall(api))
      await api.stop()
    }
  console.log('| telemetry | CPU per call, median | of each round |\n| --- | --- | --- |')
  for (const { name, micros } of measured) {
    const sorted = micros.toSorted((a, b) => a - b).map(Math.round)
    console.log(`| ${name} | ${sorted[Math.floor(ROUNDS / 2)]} µs | ${sorted.join(', ')} |`)
  }
} finally {
  await stop()
  receiver.close()
}

async function microsPerCall(api: Served): Promise<number> {
  const before = await cpuSecondsOf(api.pid)
  await send({ kind: 'spread', url: api.url, rate: RATE })
  const spent = (await cpuSecondsOf(api.pid)) - before
  return (spent * 1e6) / (RATE * (SETTING.warmUpSeconds + SETTING.seconds))
}

/** CPU time of the whole process group. */
async function cpuSecondsOf(group: number): Promise<number> {
  let ticks = 0
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(orGone)
    // After the name in parentheses; the third field from there is the group, then user and system time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(fields[2]) === group) ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / TICKS_PER_SECOND
}

/** The process ended during the scan. */
function orGone(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ESRCH') return ''
  throw error
}
