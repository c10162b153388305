import type { Terminal } from './terminal.ts'

/**
 * Connects a command that names no database to the embedded stack that runs here.
 *
 * @returns the terminal with the addresses and the clock of that stack; unchanged if the environment names a database, or if
 *   no stack runs.
 */
export async function onStack(terminal: Terminal): Promise<Terminal> {
  const { env } = terminal
  if (env['DATABASE_URL'] || env['SUPABASE_URL']) return terminal
  const { environmentOfStack, findStackOf } = await import('../dev/stack-environment.ts')
  const stack = await findStackOf(env)
  if (stack === undefined) return terminal
  const { readClock } = await import('../adapters/time/clock.ts')
  terminal.log('DATABASE_URL is not set: this is the stack of `npm start`.\n')
  const { now } = readClock(stack.clockFile)
  return { ...terminal, env: { ...env, ...environmentOfStack(stack) }, now }
}
