import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readIfPresent, replaceFile } from './kept-file.ts'
import { readStackEnvironment } from './environment.ts'
import { isClaimed } from './single-instance.ts'

/** The addresses of a running stack, for commands that connect to it. Contains a password: only our user may read it. */
const stackFile = z.object({
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  temporalNamespace: z.string(),
  /** Undefined if the stack uses real Stripe. */
  simulatorUrl: z.string().optional(),
  smtpUrl: z.string(),
  clockFile: z.string(),
  /** The key that signs user tokens. */
  jwtSecret: z.string(),
  apiUrl: z.string(),
  mailUrl: z.string(),
  /** Undefined if the stack uses an external Temporal. */
  temporalUiUrl: z.string().optional(),
})

/** The addresses and keys of a running stack. */
export type StackFile = z.infer<typeof stackFile>

/** The file with the claim on a state directory: `claimInstance`. */
export const instanceFileIn = (directory: string): string => join(directory, 'instance.json')

const fileIn = (directory: string): string => join(directory, 'stack.json')

/** Replaces the file of a stack as a whole, in the stack's directory. */
export const writeStackFile = (directory: string, stack: StackFile): Promise<void> =>
  replaceFile(fileIn(directory), JSON.stringify(stack))

/** Removes the file that an earlier run has left. */
export const removeStackFile = (directory: string): Promise<void> =>
  rm(fileIn(directory), { force: true })

/** No stack runs in this directory. */
export class NoStackError extends Error {
  override readonly name = 'NoStackError'
  override readonly message = 'No stack runs here: `npm start` starts one.'
}

/** @returns undefined if no stack runs in this directory, or if it is still starting. */
export async function findStack(directory: string): Promise<StackFile | undefined> {
  const text = await readIfPresent(fileIn(directory))
  // The file outlives a stack that was killed.
  if (text === undefined || !(await isClaimed(instanceFileIn(directory)))) return undefined
  return stackFile.parse(JSON.parse(text))
}

/** @throws NoStackError */
export async function readStackFile(): Promise<StackFile> {
  const stack = await findStack(readStackEnvironment(process.env).PERENNIAL_STATE)
  if (stack === undefined) throw new NoStackError()
  return stack
}
