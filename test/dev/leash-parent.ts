import { spawnLeashed } from '../../dev/leash.ts'

/** A parent that `leash.test.ts` kills: starts the script of its arguments on a leash and prints the pid. */
const [script = '', graceSeconds = '5'] = process.argv.slice(2)
const held = spawnLeashed({
  name: 'held',
  command: '/bin/sh',
  args: ['-c', script],
  stopSignal: 'TERM',
  graceSeconds: Number(graceSeconds),
})
const READY_TIMEOUT_MS = 20_000
await held.lineMatching(/^ready$/, READY_TIMEOUT_MS)
process.stdout.write(`leash ${held.pid}\n`)
