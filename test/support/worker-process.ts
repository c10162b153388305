import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { World } from './world.ts'

export type WorkerProcess = {
  /** Kills the process without a shutdown; resolves when it is gone. */
  readonly kill: () => Promise<void>
  /** Requests a shutdown and resolves with the exit code. */
  readonly stop: () => Promise<number | null>
}

/** Runs the worker as in production, in a separate process, on the world's servers. Resolves when it is ready. */
export async function startWorkerProcess(
  world: World,
  given: Readonly<Record<string, string>> = {},
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    cwd: new URL('../../', import.meta.url),
    env: { ...process.env, ...world.workerEnvironment, ...given },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  await ready(child)
  const ended = once(child, 'exit')
  return {
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
  }
}

async function ready(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('the worker has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('"msg":"ready"')) {
      // Keep reading, so that the pipe never fills up.
      child.stdout.resume()
      return
    }
  }
  throw new Error('the worker ended before it was ready')
}
