import { parseArgs } from 'node:util'
import { startStripeSimulator } from './simulator.ts'

/** Runs the simulator alone on the wall clock: `--port 12111 --journal stripe.ndjson --verbose`. */
const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    journal: { type: 'string' },
    port: { type: 'string', default: '12111' },
    verbose: { type: 'boolean', default: false },
  },
})

const simulator = await startStripeSimulator({
  clock: { now: () => new Date() },
  host: values.host,
  port: Number(values.port),
  ...(values.journal !== undefined && { journalPath: values.journal }),
  ...(values.verbose && { log: (line: string) => process.stderr.write(`${line}\n`) }),
})
process.stdout.write(`${simulator.url}\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close().then(() => process.exit(0)))
}
