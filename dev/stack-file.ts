import { join } from 'node:path'
import { z } from 'zod'
import { readIfPresent, replaceFile } from './kept-file.ts'
import { readStackEnvironment } from './environment.ts'

/** Where the parts of a running stack are, for commands that speak with them. Holds a password: ours alone to read. */
const stackFile = z.object({
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  temporalNamespace: z.string(),
  /** Undefined when real Stripe is used. */
  simulatorUrl: z.string().optional(),
  clockFile: z.string(),
  /** Signs tokens of users. */
  jwtSecret: z.string(),
  apiUrl: z.string(),
  mailUrl: z.string(),
  /** Undefined when another Temporal than the stack's own is used. */
  temporalUiUrl: z.string().optional(),
})

export type StackFile = z.infer<typeof stackFile>

const fileIn = (directory: string): string => join(directory, 'stack.json')

export const writeStackFile = (directory: string, stack: StackFile): Promise<void> =>
  replaceFile(fileIn(directory), JSON.stringify(stack))

/** @throws when no stack was ever started here. */
export async function readStackFile(): Promise<StackFile> {
  const text = await readIfPresent(fileIn(readStackEnvironment(process.env).PERENNIAL_STATE))
  if (text === undefined) throw new Error('No stack runs here: `npm start` starts one.')
  return stackFile.parse(JSON.parse(text))
}
