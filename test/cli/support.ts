import { run } from '../../cli/run.ts'

export type Ran = { readonly exitCode: number; readonly stdout: string; readonly stderr: string }

/** Runs a `perennial` command in this process, without a terminal. */
export async function perennial(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const stdout: string[] = []
  const stderr: string[] = []
  const exitCode = await run(args, {
    // Not the stack that a developer may run in this folder.
    env: { PERENNIAL_STATE: '/nowhere', ...env },
    now: () => new Date(),
    print: async (text) => void stdout.push(text),
    log: (text) => void stderr.push(text),
    stderr: { isTTY: false } as NodeJS.WriteStream,
  })
  return { exitCode, stdout: stdout.join(''), stderr: stderr.join('') }
}
