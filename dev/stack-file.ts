import { join } from 'node:path'
import { z } from 'zod'
import { readIfPresent, replaceFile } from './kept-file.ts'
import { readStackEnvironment } from './environment.ts'

/** The addresses of a running stack, for commands that connect to it. Contains a password: only our user may read it. */
const stackFile = z.object({
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  temporalNamespace: z.string(),
  /** Undefined if the stack uses real Stripe. */
  simulatorUrl: z.string().optional(),
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

const fileIn = (directory: string): string => join(directory, 'stack.json')

/** Replaces the file of a stack as a whole, in the stack's directory. */
export const writeStackFile = (directory: string, stack: StackFile): Promise<void> =>
  replaceFile(fileIn(directory), JSON.stringify(stack))

/** No stack was ever started here. */
export class NoStackError extends Error {
  override readonly name = 'NoStackError'
  override readonly message = 'No stack runs here: `npm start` starts one.'
}

/** @throws NoStackError */
export async function readStackFile(): Promise<StackFile> {
  const text = await readIfPresent(fileIn(readStackEnvironment(process.env).PERENNIAL_STATE))
  if (text === undefined) throw new NoStackError()
  return stackFile.parse(JSON.parse(text))
}
